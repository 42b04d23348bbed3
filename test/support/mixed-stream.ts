import { PIECE } from '../../nodes/docker-logs-in/line/pieces.ts';
import { frameOf, stampAt } from './docker-lines.ts';

export const ESC = String.fromCharCode(27);
/** A whole piece: the engine cuts a longer line. */
export const big = 'x'.repeat(PIECE);
/** Lines of both streams, one in pieces, one with colours, two of one moment, and a word of the log driver. */
export const mixed = Buffer.concat([
  frameOf(1, `${stampAt(1)} first\n`),
  frameOf(2, `${stampAt(2)} to stderr ä€😀\n`),
  frameOf(1, `${stampAt(3)} ${big}`),
  frameOf(2, `${stampAt(4)} between the pieces\n`),
  frameOf(1, `${stampAt(3)} end\n`),
  frameOf(3, 'the log driver is unwell\n'),
  frameOf(1, `${stampAt(5)} \n`),
  frameOf(1, `${stampAt(6)} ${ESC}[31mred${ESC}[0m\r\n`),
  frameOf(1, `${stampAt(6)} the same moment\n`),
]);
