import { beforeEach, describe, expect, it } from 'vitest';
import { resolveForgotten } from '../../cli/forgotten-argument.ts';
import { encodeJson } from '../../functions/stage-io.ts';
import { outputKeys, workKeys } from '../../shared/contract/keys.ts';
import { datasetIdOf } from '../../shared/contract/names.ts';
import { MemoryHouse } from '../support/memory-house.ts';

const runId = '0123456789abcdef';
const other = 'fedcba9876543210';
const odd = 'Trips of May';

let house: MemoryHouse;
beforeEach(async () => {
  house = new MemoryHouse();
  const bytes = encodeJson({});
  await house.output.write(outputKeys.record({ datasetId: 'trips', runId }), bytes);
  await house.output.write(outputKeys.part({ datasetId: datasetIdOf(odd), runId: other }, 0, 0), bytes);
  await house.output.remove(outputKeys.part({ datasetId: datasetIdOf(odd), runId: other }, 0, 0));
  await house.work.write(workKeys.inputs({ datasetId: 'begun', runId }), bytes);
});

const resolve = (word: string) => resolveForgotten(house, word, 'out');

describe('what is to be forgotten', () => {
  it('is a dataset by its name, as users write it or as keys have it', async () => {
    expect(await resolve('trips')).toEqual({ datasetId: 'trips' });
    expect(await resolve(odd)).toEqual({ datasetId: datasetIdOf(odd) });
    expect(await resolve(datasetIdOf(odd))).toEqual({ datasetId: datasetIdOf(odd) });
  });

  it('is a run by its id, also where only older versions of its objects are left', async () => {
    expect(await resolve(other)).toEqual({ datasetId: datasetIdOf(odd), runId: other });
    expect(await resolve(`${odd}/${other}`)).toEqual({ datasetId: datasetIdOf(odd), runId: other });
  });

  it('is asked for again where the id may mean two: equal files of two datasets are two runs of one id', async () => {
    await expect(resolve(runId)).rejects.toThrow(
      `DATASET or RUN must mean one thing, ${runId} means begun/${runId} and trips/${runId}`,
    );
    expect(await resolve(`begun/${runId}`)).toEqual({ datasetId: 'begun', runId });
  });

  it.each(['nobody', 'tri', '', 'trips/', `trips/${other}`, '..', '*'])(
    'is not %j, of which nothing is stored',
    async (word) => {
      await expect(resolve(word)).rejects.toThrow('DATASET or RUN must be in out, nothing is stored of');
    },
  );
});
