import { discord } from './discord.ts';
import { json } from './json.ts';
import { mattermost } from './mattermost.ts';
import { ntfy } from './ntfy.ts';
import type { Service } from './service.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { telegram } from './telegram.ts';
import { template } from './template.ts';

export const SERVICES = { slack, mattermost, discord, teams, ntfy, telegram, json, template } as const satisfies {
  readonly [kind: string]: Service;
};

export type ServiceKind = keyof typeof SERVICES;

export const SERVICE_KINDS = Object.keys(SERVICES) as readonly ServiceKind[];
