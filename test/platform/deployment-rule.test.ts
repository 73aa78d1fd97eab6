import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Identity, judge, type Sight } from '../../src/platform/deployment-rule.ts';

const here = { replicaSetId: 'rs-1', keyFingerprint: 'key-1' };
const identity: Identity = { deploymentId: 'ours', epoch: 10, ...here, confirmations: ['old'] };

/** All agrees, but for what is given. */
const sight = (
  one: Omit<Partial<Sight>, 'database' | 'file'> & { database?: Partial<Identity>; file?: Partial<Identity> | null },
): Sight => ({
  here,
  mayJoin: null,
  seenAtStart: ['old'],
  ...one,
  database: { ...identity, ...one.database },
  file: one.file === null ? null : { ...identity, ...one.file },
});

describe('a deployment', () => {
  test.each<[string, Sight, string]>([
    ['all as it was', sight({}), 'agrees'],
    ['a database ahead of the file: others ran meanwhile', sight({ database: { epoch: 99 } }), 'agrees'],
    ['a database behind the file: an old backup', sight({ database: { epoch: 9 } }), 'older-database'],
    ['an old backup, confirmed', sight({ database: { epoch: 9, confirmations: ['old', 'new'] } }), 'agrees'],
    [
      'an old backup with an old confirmation',
      sight({ database: { epoch: 9 }, file: { confirmations: ['older', 'old'] } }),
      'older-database',
    ],
    ['the database in another replica set', sight({ here: { ...here, replicaSetId: 'rs-2' } }), 'other-replica-set'],
    [
      'the database in another replica set, confirmed',
      sight({ here: { ...here, replicaSetId: 'rs-2' }, database: { confirmations: ['new'] } }),
      'agrees',
    ],
    ['a machine that was never here', sight({ file: null }), 'no-local-file'],
    [
      'a machine that was never here, confirmed',
      sight({ file: null, database: { confirmations: ['old', 'new'] } }),
      'agrees',
    ],
    ['a machine that may join', sight({ file: null, mayJoin: 'ours' }), 'agrees'],
    ['a machine that may join another', sight({ file: null, mayJoin: 'other' }), 'no-local-file'],
    [
      'a machine that may join, with a copied database',
      sight({ file: null, mayJoin: 'ours', here: { ...here, replicaSetId: 'rs-2' } }),
      'other-replica-set',
    ],
    ['a folder of another deployment', sight({ file: { deploymentId: 'other', epoch: 99 } }), 'other-deployment'],
    [
      'a folder of another deployment, whose confirmations mean nothing here',
      sight({ file: { deploymentId: 'other', confirmations: [] } }),
      'other-deployment',
    ],
    [
      'a folder of another deployment, confirmed',
      sight({ file: { deploymentId: 'other' }, database: { confirmations: ['old', 'new'] } }),
      'agrees',
    ],
    [
      'a folder of another deployment that may join',
      sight({ file: { deploymentId: 'other', epoch: 99 }, mayJoin: 'ours' }),
      'agrees',
    ],
    ['another master key', sight({ here: { ...here, keyFingerprint: 'key-2' } }), 'other-master-key'],
    [
      'another master key, which nobody can confirm',
      sight({ here: { ...here, keyFingerprint: 'key-2' }, database: { confirmations: ['new'] } }),
      'other-master-key',
    ],
  ])('with %s', (_, given, expected) => {
    const standing = judge(given);
    expect(standing.kind === 'agrees' ? 'agrees' : standing.why).toBe(expected);
  });

  test('never sends from a database behind its file, unless confirmed since', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.option(fc.constantFrom('ours', 'other')), (epoch, ahead, mayJoin) => {
        const given = sight({ database: { epoch }, file: { epoch: epoch + ahead + 1 }, mayJoin });
        expect(judge(given)).toEqual({ kind: 'disagrees', why: 'older-database' });
      }),
    );
  });
});
