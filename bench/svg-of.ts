import type { Config, TopLevelSpec } from 'vega-lite';

/** What all drawings look like. */
const STYLE: Config = {
  background: 'white',
  padding: 12,
  font: 'system-ui, DejaVu Sans, sans-serif',
  view: { stroke: null },
  axis: { gridColor: '#e6e6e6', titleFontWeight: 'normal' },
};

/** A drawing as SVG; its two large libraries are loaded only by who draws. */
export async function svgOf(specification: TopLevelSpec): Promise<string> {
  const [{ compile }, { parse, View }] = await Promise.all([import('vega-lite'), import('vega')]);
  return new View(parse(compile(specification, { config: STYLE }).spec), { renderer: 'none' }).toSVG();
}
