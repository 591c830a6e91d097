import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Role } from '../../src-shared/protocol/roles.ts';
import type { AgentDefinition } from '../agents/runner.ts';
import { type ApprovalSubject, approvalDigest } from './approval-digest.ts';

const text = fc.string({ unit: 'binary', maxLength: 20 });
const json = fc.jsonValue({ maxDepth: 2 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
const roles: readonly Role[] = ['viewer', 'operator', 'station', 'auditor', 'admin'];

const subject = fc.record<ApprovalSubject>({
  stationId: text,
  agent: fc
    .record({ name: text, digest: fc.stringMatching(/^[0-9a-f]{64}$/), program: text, cwd: text })
    .map(({ name, digest, program, cwd }) => agentOf(name, digest, program, cwd)),
  task: text,
  context: fc.dictionary(text, json, { maxKeys: 3, noNullPrototype: true }),
  sender: fc.record(
    { id: text, name: text, role: fc.constantFrom(...roles), verified: fc.boolean() },
    { requiredKeys: ['name', 'verified'] },
  ),
  workId: text,
});

function agentOf(name: string, digest: string, program: string, cwd: string): AgentDefinition {
  return {
    info: {
      name,
      description: '',
      capabilities: [],
      runner: 'command',
      digest,
      registered_at: '2026-01-01T00:00:00.000Z',
    },
    run: { kind: 'command', command: [program], cwd, env: {}, timeoutMs: undefined },
    source: 'lattice.yaml',
  };
}

/** What a subject says, so that two that say the same are known. */
function said({ stationId, agent, task, context, sender, workId }: ApprovalSubject): unknown {
  return {
    stationId,
    name: agent.info.name,
    digest: agent.info.digest,
    run: agent.run,
    task,
    context,
    sender,
    workId,
  };
}

describe('the digest of an approval', () => {
  it('is the same for the same, whatever the order of keys', () => {
    fc.assert(
      fc.property(subject, (one) => {
        const turned = Object.fromEntries(Object.entries(one.context).reverse());
        expect(approvalDigest({ ...one, context: turned })).toBe(approvalDigest(structuredClone(one)));
      }),
    );
  });

  it('changes with every change of any part', () => {
    fc.assert(
      fc.property(subject, subject, (one, other) => {
        for (const key of ['stationId', 'agent', 'task', 'context', 'sender', 'workId'] as const) {
          const changed = { ...one, [key]: other[key] };
          const same = canEqual(said(changed), said(one));
          expect(approvalDigest(changed) === approvalDigest(one)).toBe(same);
        }
      }),
    );
  });

  it('does not let text move from one part to the next', () => {
    fc.assert(
      fc.property(subject, text, (one, moved) => {
        fc.pre(moved !== '');
        const left = { ...one, task: one.task + moved };
        const right = { ...one, workId: moved + one.workId };
        expect(approvalDigest(left)).not.toBe(approvalDigest(right));
      }),
    );
  });
});

function canEqual(a: unknown, b: unknown): boolean {
  try {
    expect(a).toEqual(b);
    return true;
  } catch {
    return false;
  }
}
