import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../support/node-red.ts';

const folder = join(packageRoot, 'dist/plugins/monitoring-page/page');

test('all that a browser loads for the page is at most 120 kB, compressed, and nothing of it is in line', () => {
  const loaded = readdirSync(folder).filter((name) => /\.(js|css|html)\.gz$/.test(name));
  assert.ok(loaded.length >= 4, loaded.join());
  assert.ok(loaded.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) <= 120_000);
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\son\w+=|(?:src|href)="(?:\/|https?:)/);
});

test('the licence texts of what is bundled are beside the page', () => {
  const text = readFileSync(join(folder, 'licenses.txt'), 'utf8');
  for (const name of ['preact', 'uplot']) assert.match(text, new RegExp(`^${name} \\d+\\.`, 'm'));
  assert.equal(text.match(/MIT License/g)?.length, 2);
});
