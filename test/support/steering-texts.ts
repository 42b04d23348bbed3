/** Texts that steer a terminal, a page or a chat, and how they stand where people read them. */
export const STEERING_TEXTS: readonly (readonly [text: string, shown: string])[] = [
  ['root\x1b[31mred\x1b[0m', 'root\\x1b[31mred\\x1b[0m'],
  ['\x1b]0;title\x07', '\\x1b]0;title\\x07'],
  ['admin\x08\x08\x08\x08\x08root', 'admin\\x08\\x08\\x08\\x08\\x08root'],
  ['first\rsecond', 'first\\rsecond'],
  ['nul\0nul', 'nul\\x00nul'],
  ['del\x7f', 'del\\x7f'],
  ['c1\x9b31m', 'c1\\x9b31m'],
  ['next\x85line', 'next\\x85line'],
  ['exe\u202egpj.txt', 'exe\\u202egpj.txt'],
  ['isolate\u2066x\u2069', 'isolate\\u2066x\\u2069'],
  ['mark\u200e\u200f\u061c', 'mark\\u200e\\u200f\\u061c'],
  ['line\u2028paragraph\u2029', 'line\\u2028paragraph\\u2029'],
  ['\ufeffbom', '\\ufeffbom'],
  ['tab\tbed', 'tab\\tbed'],
];

/** An error text that forges a line of Node-RED's log. */
export const FORGED = 'boom\n25 Nov 10:00:00 - [info] [graylog-server:x] FORGED LINE \x1b[31mred\x1b[0m\u202e';
