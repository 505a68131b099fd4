import { describe, expect, it } from 'vitest';
import { settle, type Wait } from '../../../functions/start/settle.ts';

const TIMES = { settleSeconds: 60, settleMaxSeconds: 3600 };
/** seconds as ms */
const s = (seconds: number) => seconds * 1000;
const sight = (now: number, { modified = 0, digest = 'D' } = {}) => ({ now: s(now), modified: s(modified), digest });
const wait = (lastEvent: number, firstSeen: number, seen?: [digest: string, at: number]): Wait => ({
  lastEvent: s(lastEvent),
  firstSeen: s(firstSeen),
  ...(seen && { seen: { digest: seen[0], at: s(seen[1]) } }),
});

describe('a dataset', () => {
  it('that was never listed is waited for settle and the second that times are rounded to', () => {
    expect(settle([wait(98, 100)], sight(100), TIMES)).toEqual({
      is: 'waiting',
      wait: wait(98, 100, ['D', 100]),
      delaySeconds: 61,
    });
  });

  it('that shows the same after settle is quiet, a second earlier it is not', () => {
    const waits = [wait(98, 100, ['D', 100])];
    expect(settle(waits, sight(161), TIMES)).toEqual({ is: 'quiet' });
    expect(settle(waits, sight(160), TIMES)).toMatchObject({ is: 'waiting', delaySeconds: 1 });
  });

  it('that shows something else starts to wait again, though nothing in it is younger', () => {
    expect(settle([wait(98, 100, ['D', 100])], sight(161, { digest: 'E' }), TIMES)).toEqual({
      is: 'waiting',
      wait: wait(98, 100, ['E', 161]),
      delaySeconds: 61,
    });
  });

  it('whose newest object or event is younger waits for what is left', () => {
    const since = wait(98, 100, ['D', 100]);
    expect(settle([since], sight(161, { modified: 130 }), TIMES)).toMatchObject({ is: 'waiting', delaySeconds: 30 });
    expect(settle([since, wait(140, 150)], sight(161), TIMES)).toEqual({
      is: 'waiting',
      wait: wait(140, 100, ['D', 100]),
      delaySeconds: 40,
    });
  });

  it('that was another one in between has not been the same since', () => {
    const waits = [wait(0, 100, ['D', 100]), wait(0, 100, ['E', 130])];
    expect(settle(waits, sight(161), TIMES)).toMatchObject({ is: 'waiting', wait: { seen: { at: s(161) } } });
    const before = [wait(0, 100, ['E', 90]), wait(0, 100, ['D', 100])];
    expect(settle(before, sight(161), TIMES)).toEqual({ is: 'quiet' });
  });

  it('that is never quiet is overdue settleMax after the first event, and is looked at then', () => {
    const waits = [wait(3690, 100, ['D', 3660])];
    expect(settle(waits, sight(3690), TIMES)).toMatchObject({ is: 'waiting', delaySeconds: 10 });
    expect(settle(waits, sight(3700), TIMES)).toEqual({ is: 'overdue' });
  });

  it('is looked at again after 900 s at the latest, which is what a queue can delay', () => {
    const far = { settleSeconds: 899, settleMaxSeconds: 86_400 };
    expect(settle([wait(0, 0)], sight(0), far)).toMatchObject({ delaySeconds: 900 });
    expect(settle([wait(30, 0)], sight(0), far)).toMatchObject({ delaySeconds: 900 });
  });

  it('that needs no settling starts with the second look', () => {
    const none = { settleSeconds: 0, settleMaxSeconds: 3600 };
    expect(settle([wait(100, 100)], sight(100), none)).toMatchObject({ is: 'waiting', delaySeconds: 1 });
    expect(settle([wait(100, 100, ['D', 100])], sight(101), none)).toEqual({ is: 'quiet' });
  });
});
