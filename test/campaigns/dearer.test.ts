/** Dearer than was approved: asked once, allowed by other eyes than the author's, and nothing of what was approved is touched. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allowDearer, askDearer } from '../../src/campaigns/allow-dearer.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import { cancel, pause } from '../../src/campaigns/control.ts';
import { ceilingNow, type Dearer, extraOf, markOfSteps, stepsWith, toAsk } from '../../src/campaigns/dearer.ts';
import { isWhatWasApproved } from '../../src/campaigns/terms.ts';
import { tick } from '../../src/campaigns/tick.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { type CampaignDesk, campaignDesk, codeOf, done, HOUR } from './desk.ts';

let desk: CampaignDesk;
const staff = new Map<string, Employee>();
beforeAll(async () => {
  desk = await campaignDesk({ rules: [{ aboveCost: 10_000_000, needed: 2 }] });
  staff.set('anna', await desk.hire('anna', ['author', 'approver']));
  for (const id of ['boris', 'vera', 'dina']) staff.set(id, await desk.hire(id, ['approver']));
  staff.set('gleb', await desk.hire('gleb', ['author']));
});
afterAll(() => desk.close());
const who = (id: string): Employee => staff.get(id)!;

/** A campaign that is sending; its two messages may cost 2.00 a part. */
async function sending(): Promise<Campaign> {
  const { _id } = await desk.approved(who('anna'), who('boris'));
  await tick(desk.room);
  return desk.now(_id);
}
const ask = (id: string, to: number, from = 2_000_000) => askDearer(desk.room, id, [{ from, to, provider: 'beta' }]);
const allow = async (by: string, id: string, mark?: string) =>
  allowDearer(desk.room, who(by), id, mark ?? (await desk.now(id)).dearer?.asked?.mark ?? '');

describe('what is dearer than was approved', () => {
  let campaign: Campaign;
  beforeEach(async () => {
    campaign = await sending();
  });

  test('is asked once, with what waits for it and what it may cost more', async () => {
    await ask(campaign._id, 2_500_000);
    await ask(campaign._id, 2_500_000);
    await ask(campaign._id, 2_400_000);
    const { dearer } = await desk.now(campaign._id);
    expect(dearer?.asked?.steps).toEqual([{ from: 2_000_000, to: 2_500_000, provider: 'beta', messages: 3, parts: 3 }]);
    expect(extraOf(dearer!.asked!.steps)).toBe(1_500_000);
    expect((await desk.events(campaign._id)).filter((kind) => kind === 'campaign.dearer')).toHaveLength(1);
    await ask(campaign._id, 3_000_000);
    expect((await desk.now(campaign._id)).dearer?.asked?.mark).not.toBe(dearer?.asked?.mark);
  });

  test('is allowed by who may approve and did not write it, also by who has approved it already', async () => {
    await ask(campaign._id, 2_500_000);
    expect(codeOf(await allow('anna', campaign._id))).toBe('own-campaign');
    expect(codeOf(await allow('gleb', campaign._id))).toBe('not-an-approver');
    expect(codeOf(await allow('boris', campaign._id, 'abcdef'))).toBe('stale-version');
    expect(ceilingNow(await desk.now(campaign._id), 2_000_000)).toBe(2_000_000);
    const allowed = done(await allow('boris', campaign._id));
    expect(ceilingNow(allowed, 2_000_000)).toBe(2_500_000);
    expect(ceilingNow(allowed, 1_900_000)).toBe(1_900_000);
    // What was approved stands as it stood.
    expect(allowed.submission).toEqual(campaign.submission);
    expect(allowed.frozen).toEqual(campaign.frozen);
    expect(isWhatWasApproved(allowed)).toBe(true);
    expect(await desk.audit(campaign._id)).toContain('campaign.dearer-allowed');
    expect(codeOf(await allow('vera', campaign._id))).toBe('nothing-asked');
  });

  test('needs as many as would have had to approve that cost, each once', async () => {
    await ask(campaign._id, 6_000_000);
    const half = done(await allow('boris', campaign._id));
    expect(ceilingNow(half, 2_000_000)).toBe(2_000_000);
    expect(codeOf(await allow('boris', campaign._id))).toBe('decided-already');
    expect(ceilingNow(done(await allow('vera', campaign._id)), 2_000_000)).toBe(6_000_000);
    expect((await desk.now(campaign._id)).dearer?.allowed[0]?.by).toEqual(['boris', 'vera']);
  });

  test('a half yes does not count for a price that came after it', async () => {
    await ask(campaign._id, 6_000_000);
    done(await allow('boris', campaign._id));
    await ask(campaign._id, 7_000_000);
    done(await allow('vera', campaign._id));
    expect(ceilingNow(await desk.now(campaign._id), 2_000_000)).toBe(2_000_000);
  });

  test('is asked of nothing that does not send, and may be answered while it is paused, not after its end', async () => {
    await ask(campaign._id, 2_500_000);
    done(await pause(desk.room, who('anna'), campaign._id));
    await ask(campaign._id, 9_000_000);
    expect((await desk.now(campaign._id)).dearer?.asked?.steps[0]?.to).toBe(2_500_000);
    done(await allow('boris', campaign._id));
    done(await cancel(desk.room, who('anna'), campaign._id));
    await ask(campaign._id, 9_000_000);
    expect((await desk.now(campaign._id)).dearer?.asked).toBeNull();
  });
});

test('is allowed by a deputy in the place of an approver', async () => {
  const campaign = await sending();
  await ask(campaign._id, 2_500_000);
  const until = new Date(desk.clock.getTime() + HOUR);
  await desk.database.db
    .collection<{ _id: string }>('employees')
    .updateOne({ _id: 'boris' }, { $set: { deputy: { deputy: 'gleb', until } } });
  const allowed = await allow('gleb', campaign._id);
  await desk.database.db
    .collection<{ _id: string }>('employees')
    .updateOne({ _id: 'boris' }, { $unset: { deputy: 1 } });
  expect(codeOf(allowed)).toBeNull();
});

test('no price is allowed that was not among the steps that somebody saw', () => {
  const step = fc.record({
    from: fc.integer({ min: 1, max: 4 }),
    to: fc.integer({ min: 1, max: 9 }),
    provider: fc.constant('beta'),
    messages: fc.constant(1),
    parts: fc.constant(1),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), fc.integer({ min: 1, max: 4 }), (steps, ceiling) => {
      const dearer: Dearer = { asked: null, allowed: steps.map((one) => ({ ...one, at: new Date(0), by: ['boris'] })) };
      const highest = ceilingNow({ dearer }, ceiling);
      expect(highest).toBe(Math.max(ceiling, ...steps.filter(({ from }) => from === ceiling).map(({ to }) => to)));
      expect(toAsk({ dearer }, steps)).toEqual([]);
      const asking = {
        dearer: {
          asked: { steps: stepsWith({ dearer: null }, steps), at: new Date(0), mark: '', decisions: [] },
          allowed: [],
        },
      };
      expect(
        toAsk(
          asking,
          steps.filter(({ from, to }) => to > from),
        ),
      ).toEqual(steps.filter(({ from, to }) => to > from && !steps.some((one) => one.from === from && one.to >= to)));
      expect(markOfSteps('1.1', steps)).toBe(markOfSteps('1.1', steps.toReversed()));
    }),
  );
});
