import type { ColumnModel, Component, Model } from './model.ts';

/** A component as the `components` table has it. */
export interface ComponentRow {
  column: ColumnModel;
  component: Component;
  /** as in the data; null for a pruned one, which is never numbered */
  number: number | null;
}

/** One row per component of the model, in its order. */
export function componentRowsOf(model: Pick<Model, 'columns'>): ComponentRow[] {
  return model.columns.flatMap((column) =>
    column.components.map((component, i) => ({ column, component, number: component.pruned ? null : i })),
  );
}
