import { z } from 'zod';
import { LatticeError } from '../errors.ts';
import { isJsonObject, parseJson } from './json.ts';

const names = z.array(z.string().min(1));
const limit = z.int().positive();

const workflowSchema = z.looseObject({
  statuses: names.min(1),
  transitions: z.record(z.string(), names),
  universal_targets: names.optional(),
  roles: names.optional(),
  wip_limits: z.record(z.string(), z.number()).optional(),
  descriptions: z.record(z.string(), z.string()).optional(),
  display_names: z.record(z.string(), z.string()).optional(),
  completion_policies: z
    .record(
      z.string(),
      z.looseObject({ require_roles: names.optional(), require_assigned: z.boolean().optional() }),
    )
    .optional(),
  review_cycle_limit: z.number().optional(),
});

const hookCommands = z.union([z.string(), z.array(z.string())]);

const configSchema = z.looseObject({
  schema_version: z.int(),
  default_actor: z.string().nullish(),
  default_status: z.string(),
  default_priority: z.string(),
  default_complexity: z.string().nullish(),
  task_types: names.min(1),
  project_code: z.string().nullish(),
  subproject_code: z.string().nullish(),
  project_name: z.string().nullish(),
  instance_id: z.string().nullish(),
  workflow: workflowSchema,
  members: z.record(z.string(), names).optional(),
  resources: z
    .record(
      z.string(),
      z.looseObject({
        description: z.string().nullish(),
        max_holders: limit.optional(),
        ttl_seconds: limit.optional(),
      }),
    )
    .optional(),
  hooks: z
    .looseObject({
      post_event: z.string().nullish(),
      on: z.record(z.string(), z.string()).optional(),
      transitions: z.record(z.string(), hookCommands).optional(),
    })
    .nullish(),
});

/** `config.json`. Keys that are not known are kept and written back. */
export type BoardConfig = z.infer<typeof configSchema>;

/** Reads `config.json`. Throws `invalid_input` that names the first key that is wrong. */
export function readConfig(text: string): BoardConfig {
  const value = parseJson(text);
  const parsed = configSchema.safeParse(value);
  if (parsed.success && isJsonObject(value)) return value as unknown as BoardConfig;
  const issue = parsed.error?.issues[0];
  const where = issue?.path.join('.') || 'the file';
  throw new LatticeError(
    'invalid_input',
    `The board's config.json is not right at ${where}: ${issue?.message}.`,
    {
      hint: 'Correct that key by hand; the board is not written to until then.',
    },
  );
}

/** What `init` asks for. */
export interface NewBoard {
  /** `inst_` and a ULID. */
  readonly instanceId: string;
  readonly defaultActor?: string;
  /** One to five capital letters. */
  readonly projectCode?: string;
  readonly subprojectCode?: string;
  readonly projectName?: string;
}

/** The config of a new board, the same as the foreign program writes for its classic workflow. */
export function defaultConfig(board: NewBoard): BoardConfig {
  return {
    schema_version: 1,
    default_priority: 'medium',
    default_status: 'backlog',
    instance_id: board.instanceId,
    ...(board.defaultActor === undefined ? {} : { default_actor: board.defaultActor }),
    ...(board.projectCode === undefined ? {} : { project_code: board.projectCode }),
    ...(board.subprojectCode === undefined ? {} : { subproject_code: board.subprojectCode }),
    ...(board.projectName === undefined ? {} : { project_name: board.projectName }),
    task_types: ['task', 'bug', 'spike', 'chore'],
    workflow: {
      statuses: [
        'backlog',
        'in_planning',
        'planned',
        'in_progress',
        'review',
        'done',
        'blocked',
        'needs_human',
        'cancelled',
      ],
      transitions: {
        backlog: ['in_planning', 'planned', 'cancelled'],
        in_planning: ['planned', 'needs_human', 'cancelled'],
        planned: ['in_progress', 'review', 'blocked', 'needs_human', 'cancelled'],
        in_progress: ['review', 'blocked', 'needs_human', 'cancelled'],
        review: ['done', 'in_progress', 'in_planning', 'needs_human', 'cancelled'],
        done: [],
        blocked: ['in_planning', 'planned', 'in_progress', 'cancelled'],
        needs_human: ['in_planning', 'planned', 'in_progress', 'review', 'cancelled'],
        cancelled: [],
      },
      universal_targets: ['needs_human', 'cancelled'],
      roles: ['review'],
      wip_limits: { in_progress: 10, review: 5 },
    },
    workflow_preset: 'classic',
  };
}
