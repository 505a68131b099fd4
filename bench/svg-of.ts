import type { TopLevelSpec } from 'vega-lite';

/** A drawing as SVG; its two large libraries are loaded only by who draws. */
export async function svgOf(specification: TopLevelSpec): Promise<string> {
  const [{ compile }, { parse, View }] = await Promise.all([import('vega-lite'), import('vega')]);
  return new View(parse(compile(specification).spec), { renderer: 'none' }).toSVG();
}
