import type { ConnectionOptions } from 'node:tls';
import { Resolver } from '../../../lib/io/resolver.ts';
import { SERVICES, type ServiceKind } from '../services/index.ts';
import type { Target } from '../services/service.ts';
import { Lane } from './lane.ts';
import { placeOf } from './place.ts';
import { createPost } from './post.ts';
import type { Destination } from './sending.ts';

/** Makes the ways to addresses; nodes with one address share its lane. */
export class Destinations {
  readonly #resolver = new Resolver();
  readonly #lanes = new Map<string, Lane>();

  create(kind: ServiceKind, target: Target, tls: ConnectionOptions): Destination {
    const place = placeOf(kind, target);
    const lane = this.#lanes.get(place) ?? new Lane();
    this.#lanes.set(place, lane);
    const post = createPost({ tls, resolver: this.#resolver, variables: process.env });
    return { service: SERVICES[kind], target, place, lane, post };
  }
}
