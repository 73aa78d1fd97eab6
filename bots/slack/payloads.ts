/** What Slack sends, as far as it is read: everything else in it may change without our noticing. */
import { z } from 'zod';

const id = z.string().min(1);

export const slackFile = z.object({
  id,
  name: z.string().nullish(),
  size: z.number().nullish(),
  url_private: z.string().nullish(),
  url_private_download: z.string().nullish(),
});
export type SlackFile = z.infer<typeof slackFile>;

/** docs.slack.dev/interactivity/implementing-slash-commands */
export const slashCommand = z.object({
  text: z.string().default(''),
  user_id: id,
  user_name: z.string().default(''),
  channel_id: id,
  response_url: z.string(),
  trigger_id: id,
});

/** docs.slack.dev/reference/events/message.im and app_mention */
export const message = z.object({
  user: id.optional(),
  bot_id: z.string().nullish(),
  subtype: z.string().optional(),
  channel: id,
  channel_type: z.string().optional(),
  text: z.string().nullish(),
  ts: id,
  thread_ts: z.string().optional(),
  files: z.array(slackFile).optional(),
});
export type Message = z.infer<typeof message>;

const person = z.object({ id, name: z.string().optional(), username: z.string().optional() });
export const nameOf = (one: z.infer<typeof person>): string => one.name ?? one.username ?? '';

/** docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const press = z.object({
  user: person,
  channel: z.object({ id, name: z.string().optional() }).nullish(),
  container: z.object({ type: z.string(), is_ephemeral: z.boolean().optional(), message_ts: z.string().optional() }),
  message: z.object({ ts: id, thread_ts: z.string().optional() }).nullish(),
  view: z.object({ id, type: z.string() }).nullish(),
  response_url: z.string().optional(),
  trigger_id: id,
  actions: z
    .array(
      z.object({ action_id: z.string(), block_id: z.string(), action_ts: z.string(), value: z.string().optional() }),
    )
    .min(1),
});
export type Press = z.infer<typeof press>;

/** docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload */
export const shortcut = z.object({
  user: person,
  trigger_id: id,
  response_url: z.string().optional(),
  channel: z.object({ id }).nullish(),
  message: z.object({ text: z.string().nullish(), files: z.array(slackFile).optional() }).nullish(),
});

const inputs = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      value: z.string().nullish(),
      selected_option: z.object({ value: z.string() }).nullish(),
      files: z.array(slackFile).nullish(),
    }),
  ),
);

/** docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export const submission = z.object({
  user: person,
  trigger_id: id,
  view: z.object({
    id,
    private_metadata: z.string(),
    state: z.object({ values: inputs }),
    blocks: z
      .array(
        z.object({
          block_id: z.string().nullish(),
          element: z.object({ initial_value: z.string().nullish() }).nullish(),
        }),
      )
      .default([]),
  }),
});
export type Submission = z.infer<typeof submission>;

export const homeOpened = z.object({ user: id, tab: z.string() });

export const linkShared = z.object({
  user: id,
  channel: z.string(),
  message_ts: z.string(),
  unfurl_id: z.string().optional(),
  source: z.enum(['conversations_history', 'composer']).optional(),
  links: z.array(z.object({ url: z.string() })),
});

export const tokensRevoked = z.object({ tokens: z.object({ bot: z.array(z.string()).optional() }) });

/** Around every event: the same for each of its deliveries. */
export const envelope = z.object({ event_id: id });
