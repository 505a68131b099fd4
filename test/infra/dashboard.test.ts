import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { STAGES } from '../../shared/contract/environment.ts';
import { dashboardWidgets, metricsAskedFor } from '../support/dashboard-metrics.ts';
import { makeStack, resolvedResources } from './synthesized.ts';

const widgets = dashboardWidgets();
const template = Template.fromStack(makeStack().stack);

describe('the dashboard', () => {
  it('is named as the stack', () => {
    const [dashboard] = Object.values(resolvedResources(template, 'AWS::CloudWatch::Dashboard'));
    expect(dashboard.DashboardName).toBe('modemap');
  });

  it('asks AWS for the functions of the stack alone, and for each of them', () => {
    const functions = Object.keys(resolvedResources(template, 'AWS::Lambda::Function'));
    const asked = metricsAskedFor(widgets).filter(({ id }) => id.startsWith('AWS/'));
    expect(new Set(asked.map(({ id }) => id))).toEqual(
      new Set(['Duration', 'Errors', 'Invocations', 'Throttles'].map((name) => `AWS/Lambda ${name} FunctionName`)),
    );
    const names = new Set(asked.map(({ values }) => values.FunctionName));
    expect(names.size).toBe(STAGES.length);
    for (const name of names) expect(functions).toContain(name);
  });

  it('computes only from metrics that the same widget has', () => {
    for (const { properties } of widgets) {
      const options = properties.metrics.map((line) => line.at(-1) as { id?: string; expression?: string });
      const ids = options.flatMap(({ id }) => id ?? []);
      for (const { expression = '' } of options) {
        const bare = expression.replace(/SEARCH\('[^']*', '[^']*', \d+\)/g, '').replace(/\b\d[\d.e-]*/g, '');
        const used = bare.match(/\b[a-z]\w*\b/g) ?? [];
        for (const id of used)
          expect([properties.title, ids]).toEqual([properties.title, expect.arrayContaining([id])]);
      }
    }
  });

  it('counts dollars by memory and price of each function, without exponents', () => {
    const [dollars] = widgets.filter(({ properties }) => properties.title.startsWith('Dollars for Lambda'));
    const expressions = dollars.properties.metrics.flatMap(
      ([line]) => (line as { expression?: string }).expression ?? [],
    );
    expect(expressions.length).toBe(STAGES.length);
    expect(expressions).toContain('start_ms / 1000 * 0.5 * 0.0000133334 + start_n * 0.0000002');
    expect(expressions).toContain('transform_ms / 1000 * 1.7275390625 * 0.0000133334 + transform_n * 0.0000002');
  });

  it('names the 20 worst columns by three figures', () => {
    const worst = widgets.filter(({ properties }) => properties.title.startsWith('Worst columns'));
    expect(worst.length).toBe(3);
    for (const { properties } of worst) {
      expect(JSON.stringify(properties.metrics)).toMatch(/SORT\(SEARCH\(.*\), MAX, DESC, 20\)/);
    }
  });
});
