import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { zip } from './zip.mjs';

const script = createRequire(import.meta.url)('../../.github/scripts/preview-comment.cjs');
const sha = 'a'.repeat(40);
const base = 'b'.repeat(40);
const plan = JSON.stringify({ project: 'candor', stack: 'dev', resources: [], outputs: {} });
const goodArchive = zip([{ name: 'dev.json', data: plan }, { name: 'prod.json', data: plan }]);

function folder() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'candor-comment-'));
}

function pull(changes = {}) {
  return { number: 7, head: { sha, repo: { id: 5 } }, base: { sha: base, ref: 'main' }, ...changes };
}

const fork = { id: 5, owner: { login: 'stranger' } };

function workflow({ archive = goodArchive, pulls = [pull()], comments = [], size, name = 'plans', headRepository = fork } = {}) {
  const calls = { created: [], updated: [], downloads: 0, outputs: {} };
  const api = {
    pulls: { list: () => pulls, get: async () => ({ data: pulls[0] }) },
    actions: {
      listWorkflowRunArtifacts: () => [{ id: 1, name, size_in_bytes: size ?? archive.length, expired: false }],
      downloadArtifact: async () => { calls.downloads++; return { data: archive }; },
    },
    issues: {
      listComments: () => comments,
      createComment: async comment => calls.created.push(comment),
      updateComment: async comment => calls.updated.push(comment),
    },
  };
  return {
    calls,
    github: { rest: api, paginate: async (list, options) => list(options) },
    context: {
      repo: { owner: 'acme', repo: 'shop' },
      payload: { repository: { default_branch: 'main' }, workflow_run: { id: 3, head_sha: sha, head_branch: 'evil', head_repository: headRepository } },
    },
    core: { info() {}, setOutput: (key, value) => { calls.outputs[key] = value; } },
  };
}

function rendered(files) {
  const where = folder();
  for (const [name, text] of Object.entries(files)) {
    fs.writeFileSync(path.join(where, name), text);
  }
  return where;
}

const devChanges = { 'dev.changed': '', 'dev.diff.md': '## the difference\n', 'dev.preview.md': '## the preview\n' };

test('the plans of a good artifact are unpacked and the pull request is found by its commit', async () => {
  const { calls, ...run } = workflow();
  const where = folder();
  await script.prepare({ ...run, folder: where });
  assert.deepEqual(calls.outputs, { number: '7', commit: sha, base });
  assert.equal(fs.readFileSync(path.join(where, 'dev.json'), 'utf8'), plan);
  assert.deepEqual(fs.readdirSync(where).sort(), ['dev.json', 'prod.json']);
});

test('an artifact that is too large is refused without being downloaded', async () => {
  const { calls, ...run } = workflow({ size: script.limits.archive + 1 });
  await assert.rejects(script.prepare({ ...run, folder: folder() }), /bytes; at most/);
  assert.equal(calls.downloads, 0);
});

test('an artifact that is larger than it says is refused unread', async () => {
  const { calls, ...run } = workflow({ archive: Buffer.alloc(script.limits.archive + 1), size: 10 });
  await assert.rejects(script.prepare({ ...run, folder: folder() }), /bytes; at most/);
  assert.deepEqual(calls.outputs, {});
});

test('a plan that unpacks to more than its limit is refused while it is unpacked', async () => {
  const bomb = zip([{ name: 'dev.json', data: Buffer.alloc(200 * 1024 * 1024) }, { name: 'prod.json', data: plan }]);
  assert.ok(bomb.length < script.limits.archive, `${bomb.length}`);
  const where = folder();
  const { calls, ...run } = workflow({ archive: bomb });
  await assert.rejects(script.prepare({ ...run, folder: where }), /dev\.json unpacks to more than/);
  assert.deepEqual(calls.outputs, {});
  assert.deepEqual(fs.readdirSync(where), []);
});

test('nothing but the two plans leaves the archive, wherever it wants to go', async () => {
  const outside = path.join(os.tmpdir(), `candor-escaped-${process.pid}`);
  const archive = zip([
    { name: `../${path.basename(outside)}`, data: 'x' }, { name: outside, data: 'x' }, { name: 'body.md', data: '@everyone' },
    { name: '.github/scripts/preview-comment.cjs', data: 'throw 1' }, { name: 'dev.json', data: plan }, { name: 'prod.json', data: plan },
  ]);
  const where = folder();
  await script.prepare({ ...workflow({ archive }), folder: where });
  assert.deepEqual(fs.readdirSync(where).sort(), ['dev.json', 'prod.json']);
  assert.equal(fs.existsSync(outside), false);
});

for (const [what, data, symlink] of [
  ['a link to a secret', '/proc/self/environ', true],
  ['text', '# @everyone', false],
  ['a list', '[]', false],
  ['another object', '{"number": 1}', false],
  ['a plan whose resources are no list', '{"resources": {}}', false],
  ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), false],
  ['endless nesting', '['.repeat(1_000_000), false],
  ['nothing', '', false],
]) {
  test(`${what} in place of a plan is refused and nothing is posted`, async () => {
    const archive = zip([{ name: 'dev.json', data, symlink }, { name: 'prod.json', data: plan }]);
    const { calls, ...run } = workflow({ archive });
    await assert.rejects(script.prepare({ ...run, folder: folder() }), /dev\.json (is not|cannot)/);
    assert.deepEqual(calls.outputs, {});
  });
}

test('bytes that are no archive, and an archive without a stack, are refused', async () => {
  await assert.rejects(script.prepare({ ...workflow({ archive: Buffer.from('PK') }), folder: folder() }), /cannot be unpacked/);
  await assert.rejects(script.prepare({ ...workflow({ archive: zip([{ name: 'dev.json', data: plan }]) }), folder: folder() }), /prod\.json cannot be unpacked/);
});

test('two plans of one name are not a plan', async () => {
  const archive = zip([{ name: 'dev.json', data: plan }, { name: 'dev.json', data: plan }, { name: 'prod.json', data: plan }]);
  await assert.rejects(script.prepare({ ...workflow({ archive }), folder: folder() }), /dev\.json is not JSON/);
});

for (const [what, pulls] of [
  ['whose head is another commit', [pull({ head: { sha: base, repo: { id: 5 } } })]],
  ['of another fork with the same branch', [pull({ head: { sha, repo: { id: 6 } } })]],
  ['whose fork was deleted', [pull({ head: { sha, repo: null } })]],
  ['that does not exist', []],
]) {
  test(`a pull request ${what} gets no comment`, async () => {
    const { calls, ...run } = workflow({ pulls });
    await script.prepare({ ...run, folder: folder() });
    assert.deepEqual(calls.outputs, {});
  });
}

test('a run of a deleted repository, and one without plans, say nothing', async () => {
  for (const run of [workflow({ headRepository: null }), workflow({ name: 'something-else' })]) {
    await script.prepare({ ...run, folder: folder() });
    assert.deepEqual(run.calls.outputs, {});
  }
});

test('the comment says that it was computed from an untrusted branch', async () => {
  const { calls, ...run } = workflow();
  await script.post({ ...run, folder: rendered(devChanges), number: '7', commit: sha });
  assert.equal(calls.created.length, 1);
  assert.equal(calls.created[0].issue_number, 7);
  assert.match(calls.created[0].body, /^<!-- candor preview -->\n[^]*untrusted branch[^]*the difference[^]*the preview/);
});

test('the one comment is updated; a deleted account and people who copy the mark are passed over', async () => {
  const comments = [
    { id: 1, user: null, body: script.mark }, { id: 2, user: { login: 'mallory', type: 'User' }, body: script.mark },
    { id: 3, user: { login: 'other[bot]', type: 'Bot' }, body: script.mark }, { id: 4, user: { login: 'github-actions[bot]' }, body: null },
    { id: 5, user: { login: 'github-actions[bot]', type: 'Bot' }, body: `${script.mark}\nold` },
  ];
  const { calls, ...run } = workflow({ comments });
  await script.post({ ...run, folder: rendered(devChanges), number: '7', commit: sha });
  assert.deepEqual([calls.created.length, calls.updated.map(comment => comment.comment_id)], [0, [5]]);
});

test('nothing is said where nothing changes, unless something was said before', async () => {
  const silent = workflow();
  await script.post({ ...silent, folder: rendered({}), number: '7', commit: sha });
  assert.deepEqual([silent.calls.created, silent.calls.updated], [[], []]);
  const spoken = workflow({ comments: [{ id: 5, user: { login: 'github-actions[bot]' }, body: script.mark }] });
  await script.post({ ...spoken, folder: rendered({}), number: '7', commit: sha });
  assert.match(spoken.calls.updated[0].body, /Nothing changes any more/);
});

test('a part that does not fit is left out whole, and said to be', async () => {
  const long = `## long\n\`\`\`text\n${'@everyone '.repeat(6500)}\n\`\`\`\n`;
  const { calls, ...run } = workflow();
  await script.post({ ...run, folder: rendered({ ...devChanges, 'dev.preview.md': long }), number: '7', commit: sha });
  const { body } = calls.created[0];
  assert.ok(body.length <= script.limits.comment);
  assert.doesNotMatch(body, /everyone/);
  assert.match(body, /Too long for a comment: the preview of `dev`/);
});

test('a pull request that has moved on is not commented on', async () => {
  const { calls, ...run } = workflow({ pulls: [pull({ head: { sha: base } })] });
  await script.post({ ...run, folder: rendered(devChanges), number: '7', commit: sha });
  assert.deepEqual(calls.created, []);
});

for (const [number, commit] of [['', sha], ['0', sha], ['7; rm -rf /', sha], ['7', ''], ['7', 'main']]) {
  test(`number '${number}' and commit '${commit.slice(0, 5)}' are refused`, async () => {
    const { calls, ...run } = workflow();
    await assert.rejects(script.post({ ...run, folder: rendered(devChanges), number, commit }), /no pull request/);
    assert.deepEqual(calls.created, []);
  });
}
