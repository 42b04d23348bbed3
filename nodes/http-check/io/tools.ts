import { Resolver } from '../../../lib/io/resolver.ts';
import { TrustAnchors } from './certificate.ts';
import type { CheckTools } from './check.ts';
import { Http2Origins } from './http2.ts';
import { StallWatch } from './stall-watch.ts';

/** What the checks of all nodes share. */
export function createTools(resolver = new Resolver()): CheckTools {
  return { resolver, stalls: new StallWatch(), http2: new Http2Origins(), anchors: new TrustAnchors() };
}
