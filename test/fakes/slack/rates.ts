/**
 * How fast Slack lets itself be called (docs.slack.dev/apis/web-api/rate-limits): by the method and workspace in a minute, and new
 * messages once a second in a channel, with short bursts.
 */

/** Calls in a minute. */
const TIERS: Readonly<Record<string, number>> = {
  'chat.update': 50,
  'chat.delete': 50,
  'chat.unfurl': 50,
  'chat.postEphemeral': 100,
  'conversations.open': 50,
  'conversations.history': 50,
  'conversations.replies': 50,
  'files.completeUploadExternal': 100,
  'files.getUploadURLExternal': 100,
  'files.info': 100,
  'users.info': 100,
  'views.open': 100,
  'views.update': 100,
  'views.publish': 100,
};
const BURST_IN_CHANNEL = 8;

interface Bucket {
  left: number;
  at: number;
}

export interface Rates {
  /** Seconds to wait; null when the call may pass. */
  take(method: string, team: string, channel: string | undefined): number | null;
  /** From now on the method is refused: everywhere, or in one channel. */
  refuse(method: string, seconds: number, channel?: string): void;
  allow(): void;
}

export function createRates(now: () => number): Rates {
  const buckets = new Map<string, Bucket>();
  const refused: { readonly method: string; readonly seconds: number; readonly channel: string | undefined }[] = [];

  function taken(key: string, capacity: number, perSecond: number): number | null {
    const at = now();
    const bucket = buckets.get(key) ?? { left: capacity, at };
    bucket.left = Math.min(capacity, bucket.left + ((at - bucket.at) / 1000) * perSecond);
    bucket.at = at;
    buckets.set(key, bucket);
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perSecond));
    bucket.left -= 1;
    return null;
  }

  return {
    take(method, team, channel) {
      const rule = refused.find(
        (one) => one.method === method && (one.channel === undefined || one.channel === channel),
      );
      if (rule) return rule.seconds;
      if (method === 'chat.postMessage') return taken(`${team}/${channel}`, BURST_IN_CHANNEL, 1);
      const tier = TIERS[method];
      return tier === undefined ? null : taken(`${team}/${method}`, tier, tier / 60);
    },
    refuse: (method, seconds, channel) => void refused.push({ method, seconds, channel }),
    allow: () => void refused.splice(0),
  };
}
