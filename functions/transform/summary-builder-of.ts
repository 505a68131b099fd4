import type { ColumnModel } from '../../shared/contract/model.ts';
import { SummaryBuilder } from '../../shared/summary/summary-builder.ts';
import { zoomsOf } from '../../shared/summary/zooms.ts';

/** A summary of a column with its cells where the model has them; only floating point values say how many digits they have. */
export function summaryBuilderOf(model: ColumnModel): SummaryBuilder {
  const { centre, components, resolution, physicalType, decimals } = model;
  const zooms = zoomsOf(centre, components, resolution);
  if (physicalType === 'FLOAT') return new SummaryBuilder({ centre, zooms, decimals: { floatBits: 32 } });
  if (physicalType === 'DOUBLE') return new SummaryBuilder({ centre, zooms, decimals: { floatBits: 64 } });
  return new SummaryBuilder({ centre, zooms, decimals: { fixed: decimals ?? 0 } });
}
