/** `manifest.json` asks Slack for what the bot listens to and calls, and for nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { INSTALL_PATH, REDIRECT_PATH } from '../../../bots/slack/install.ts';
import { COMMAND, ENDINGS, EVENTS, SHORTCUTS } from '../../../bots/slack/listeners.ts';
import { NEEDS, SCOPES } from '../../../bots/slack/manifest.ts';
import { EVENTS_PATH } from '../../../bots/slack/surface.ts';

const root = join(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'manifest.json'), 'utf8'));
const { features, oauth_config, settings } = manifest;
const folder = join(root, 'bots/slack');
const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));

describe('the manifest', () => {
  test('has the events that are listened to, and no others', () => {
    const listened = Object.keys(EVENTS).map((name) => (name === 'message' ? 'message.im' : name));
    expect(settings.event_subscriptions.bot_events).toEqual([...listened, ...ENDINGS].sort());
  });

  test('has the command and the shortcuts that are listened to, and no others', () => {
    expect(features.slash_commands.map(({ command }: { command: string }) => command)).toEqual([COMMAND]);
    expect(features.shortcuts.map(({ callback_id, type }: Record<string, string>) => [callback_id, type])).toEqual([
      [SHORTCUTS.everywhere, 'global'],
      [SHORTCUTS.message, 'message'],
    ]);
  });

  test('has the scopes that something needs, each for what is there', () => {
    expect(oauth_config.scopes).toEqual({ bot: [...SCOPES] });
    const code = sources.join('\n');
    const used = (need: string) => {
      const [group, method] = need.split('.');
      return (
        settings.event_subscriptions.bot_events.includes(need) ||
        code.includes(`${group}.${method}`) ||
        code.includes(need)
      );
    };
    const unused = Object.entries(NEEDS).filter(([scope, needs]) => scope !== 'commands' && !needs.every(used));
    expect(unused).toEqual([]);
  });

  test('has our addresses, all at one host, which is unfurled', () => {
    const host = 'https://herald.example.com';
    expect([
      features.slash_commands[0].url,
      settings.event_subscriptions.request_url,
      settings.interactivity.request_url,
    ]).toEqual(Array(3).fill(host + EVENTS_PATH));
    expect(oauth_config.redirect_urls).toEqual([host + REDIRECT_PATH]);
    expect(features.unfurl_domains).toEqual([new URL(host).hostname]);
    expect(INSTALL_PATH).toMatch(/^\/slack\//u);
  });

  test('lets people write to Herald in private, and see its Home', () => {
    expect(features.app_home).toEqual({
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    });
    expect(settings.interactivity.is_enabled).toBe(true);
  });

  /** docs.slack.dev/reference/app-manifest */
  test('keeps to Slack’s lengths', () => {
    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
    expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
    expect(manifest.display_information.long_description.length).toBeGreaterThanOrEqual(174);
    for (const { name, description } of features.shortcuts) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
  });
});
