import { Template } from 'aws-cdk-lib/assertions';
import { makeStack, resolvedResources } from '../infra/synthesized.ts';

interface Widget {
  type: string;
  properties: { title: string; metrics: unknown[][]; yAxis?: object };
}

/** What the synthesized stack's dashboard shows, references resolved. */
export function dashboardWidgets(context: Record<string, unknown> = {}): Widget[] {
  const template = Template.fromStack(makeStack(context).stack);
  const [dashboard] = Object.values(resolvedResources(template, 'AWS::CloudWatch::Dashboard'));
  return (JSON.parse(dashboard.DashboardBody as string) as { widgets: Widget[] }).widgets;
}

/** A metric with the names of its dimensions: `modemap RowsTransformed dataset,service`. */
export const metricId = (namespace: string, name: string, dimensions: readonly string[]) =>
  `${namespace} ${name} ${[...dimensions].sort().join(',')}`;

/**
 * Every metric that a dashboard asks for, by its own line or by a search, with the values it asks of dimensions.
 *
 * @throws {RangeError} on a line it does not understand: nothing is passed over in silence
 */
export function metricsAskedFor(widgets: readonly Widget[]): { id: string; values: Record<string, string> }[] {
  return widgets.flatMap(({ properties }) => properties.metrics.flatMap(metricsOfLine));
}

function metricsOfLine(line: unknown[]) {
  const [first] = line;
  if (typeof first === 'object' && first !== null && 'expression' in first) return searched(String(first.expression));
  const texts = line.filter((item) => typeof item === 'string');
  const [namespace, name, ...pairs] = texts;
  if (texts.length < 4 || pairs.length % 2 !== 0) throw new RangeError(`a metric must have dimensions, got ${line}`);
  const values = Object.fromEntries(pairs.flatMap((key, i) => (i % 2 === 0 ? [[key, pairs[i + 1]]] : [])));
  return [{ id: metricId(namespace, name, Object.keys(values)), values }];
}

function searched(expression: string) {
  const found = [...expression.matchAll(/SEARCH\('\{([^}]+)\} ([^']*)', '[^']+', \d+\)/g)];
  // what is computed from metrics of other lines asks for none itself
  if (found.length === 0 && !/SEARCH|SELECT/.test(expression)) return [];
  if (found.length === 0) throw new RangeError(`a search must be of one schema, got ${expression}`);
  return found.map(([, schema, terms]) => {
    const [namespace, ...dimensions] = schema.split(',');
    const values = Object.fromEntries([...terms.matchAll(/(\w+)="([^"]+)"/g)].map(([, key, value]) => [key, value]));
    const { MetricName, ...asked } = values;
    return { id: metricId(namespace, MetricName, dimensions), values: asked };
  });
}
