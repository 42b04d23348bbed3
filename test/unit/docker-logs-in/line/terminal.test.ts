import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastState, withoutEscapes } from '../../../../nodes/docker-logs-in/line/terminal.ts';
import { cpuMsOf } from '../../../support/cpu-time.ts';

const ESC = String.fromCharCode(27);

test('`withoutEscapes()` removes colours, cursor movements, titles and links', () => {
  const cases: [string, string][] = [
    [`${ESC}[1;38;5;12mblue${ESC}[m`, 'blue'],
    [`${ESC}[2K${ESC}[1Gdone`, 'done'],
    [`${ESC}]0;title${String.fromCharCode(7)}text`, 'text'],
    [`${ESC}]8;;http://x${ESC}\\link${ESC}]8;;${ESC}\\`, 'link'],
    [`${ESC}(Bplain`, 'plain'],
    ['[31m stays', '[31m stays'],
    [`${ESC}P1$r0m${ESC}\\text`, 'text'],
    [`a${ESC}_hidden${ESC}\\b${ESC}^c${ESC}\\d${ESC}Xe${ESC}\\f`, 'abdf'],
    ['\x9b31mred\x9b0m', 'red'],
    ['\x9d0;title\x9ctext', 'text'],
    ['\x901$r0m\x9ctext', 'text'],
    [`\x9fhidden${ESC}\\text`, 'text'],
    ['ÄÖ €', 'ÄÖ €'],
  ];
  for (const [text, plain] of cases) assert.equal(withoutEscapes(text), plain);
});

test('a sequence that does not end takes no text with it', () => {
  const lines: readonly (readonly [line: string, text: string])[] = [
    [`${ESC}]exfiltrated 10 GB`, 'exfiltrated 10 GB'],
    [`before ${ESC}]0;title`, 'before 0;title'],
    [`${ESC}]8;;http://a${ESC}]8;;http://b`, '8;;http://a8;;http://b'],
    [`${ESC}]0;title\u0007text`, 'text'],
    [`${ESC}]8;;http://a${ESC}\\link${ESC}]8;;${ESC}\\`, 'link'],
    [`${ESC}[31`, '31'],
    [`${ESC}[`, ''],
    [`${ESC}Ptext`, 'text'],
    [`${ESC}_exfiltrated`, 'exfiltrated'],
    ['\x9dexfiltrated', 'exfiltrated'],
    ['\x90exfiltrated', 'exfiltrated'],
    ['\x9b', ''],
    [`\x90one${ESC}[31mtwo`, 'onetwo'],
    [`text${ESC}`, `text${ESC}`],
  ];
  for (const [line, text] of lines) assert.equal(withoutEscapes(line), text, JSON.stringify(line));
});

test('sequences that do not end cost no more than others', () => {
  const tookMs = cpuMsOf(() => {
    withoutEscapes(`${ESC}]`.repeat(130_000));
    withoutEscapes(`${ESC}]${'x'.repeat(260_000)}`);
    for (const start of [`${ESC}P`, '\x9d', '\x90', '\x9b', `${ESC}[`, '\x9d\x90', `\x9f${ESC}_`]) {
      withoutEscapes(start.repeat(130_000));
      withoutEscapes(`${start}${'0'.repeat(130_000)}`.repeat(2));
    }
  });
  assert.ok(tookMs < 1_000, `${tookMs} ms`);
});

test('`lastState()` gives what was written last over the rest of a line', () => {
  const lines: readonly (readonly [line: string, text: string])[] = [
    ['50%\r100%', '100%'],
    ['50%\r100%\r', '100%'],
    ['100%\r    \rdone', 'done'],
    ['100%\r    ', '100%'],
    ['\r', ''],
    ['\r\rx', 'x'],
    ['   ', '   '],
    ['', ''],
    ['plain', 'plain'],
  ];
  for (const [line, text] of lines) assert.equal(lastState(line), text, JSON.stringify(line));
  const tookMs = cpuMsOf(() => {
    assert.equal(lastState('\r'.repeat(260_000)), '');
    assert.equal(lastState(`x${' \r'.repeat(130_000)}`), 'x ');
  });
  assert.ok(tookMs < 1_000, `${tookMs} ms`);
});
