import type { Component } from '../contract/model.ts';

/** The atoms of a mixture, the heaviest first, as the model has them. */
export class AtomTable {
  readonly values: Float64Array;
  /** number of the component in the model */
  readonly indices: Int32Array;

  constructor(components: readonly Component[]) {
    const atoms = components
      .map(({ kind, mean }, index) => ({ kind, mean, index }))
      .filter(({ kind }) => kind === 'atom');
    this.values = Float64Array.from(atoms, ({ mean }) => mean);
    this.indices = Int32Array.from(atoms, ({ index }) => index);
  }

  /** Number of the component that x sits on, -0 being equal to 0; or -1. */
  find(x: number): number {
    const { values } = this;
    for (let i = 0; i < values.length; i++) if (values[i] === x) return this.indices[i];
    return -1;
  }
}
