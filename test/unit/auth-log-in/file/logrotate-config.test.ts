import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitsPattern, parseRotationConfig } from '../../../../nodes/auth-log-in/file/logrotate-config.ts';

test('a block has its patterns and its olddir, or the one that was said before all blocks', () => {
  const { blocks, oldDir } = parseRotationConfig(`
# olddir /comment
weekly
olddir /var/log/old
include /etc/logrotate.d
/var/log/auth.log
"/var/log/my log"
{
    rotate 4
    postrotate
        echo } olddir /script
    endscript
    su root /not/a/pattern
}
/var/log/a /var/log/b { olddir archive }
/var/log/c { noolddir
}`);
  assert.deepEqual(
    blocks.map((block) => [block.patterns.join(), block.oldDir]),
    [
      ['/etc/logrotate.d,/var/log/auth.log,/var/log/my log', '/var/log/old'],
      ['/var/log/a,/var/log/b', 'archive'],
      ['/var/log/c', undefined],
    ],
  );
  assert.equal(oldDir, '/var/log/old');
});

test('the configuration of another file is inherited', () => {
  assert.deepEqual(parseRotationConfig('/a { }', '/old').blocks, [{ patterns: ['/a'], oldDir: '/old' }]);
});

test('no text of a configuration throws', () => {
  const piece = fc.constantFrom('{', '}', 'olddir', '/a', '\n', ' ', '"', '#', 'postrotate', 'endscript', 'x');
  fc.assert(fc.property(fc.array(piece), (pieces) => void parseRotationConfig(pieces.join(''))));
});

test('patterns are those of a shell', () => {
  for (const pattern of ['/var/log/*.log', '/var/log/auth.???', '/var/log/[a-c]uth.log', '/var/log/auth.log'])
    assert.equal(fitsPattern(pattern, '/var/log/auth.log'), true, pattern);
  for (const pattern of ['/var/*', '/var/log/auth', '/var/log/[!a]uth.log', '/var/log/[', '/var/log/authxlog'])
    assert.equal(fitsPattern(pattern, '/var/log/auth.log'), false, pattern);
});
