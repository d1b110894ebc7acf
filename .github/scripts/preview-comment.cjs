'use strict';
// Posts the preview of a pull request. It runs in workflows that may comment, so the only thing it takes from the pull request's own run is
// plan JSON: bounded before it is read, checked to be JSON, and rendered by the candor of the base. The pull request itself is found by
// the commit that GitHub says was previewed, never by anything in the artifact.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const stacks = ['dev', 'prod'];
const artifactName = 'plans';
const mark = '<!-- candor preview -->';
const author = 'github-actions[bot]';
const limits = {
  archive: 1024 * 1024, // compressed; the plans of both stacks are about 30 KB
  plan: 4 * 1024 * 1024, // each, unpacked; about 200 KB
  comment: 65_000, // GitHub refuses comments of more than 65,536 characters
};

/** The open pull request whose head is the commit that was previewed, or undefined. */
async function findPull({ github, context }) {
  const run = context.payload.workflow_run;
  if (!run.head_repository || !/^[0-9a-f]{40}$/.test(run.head_sha)) {
    return undefined;
  }
  const pulls = await github.paginate(github.rest.pulls.list, {
    ...context.repo, state: 'open', head: `${run.head_repository.owner.login}:${run.head_branch}`, per_page: 100,
  });
  const same = pulls.filter(pull =>
    pull.head.sha === run.head_sha && pull.head.repo?.id === run.head_repository.id && /^[0-9a-f]{40}$/.test(pull.base.sha));
  return same.find(pull => pull.base.ref === context.payload.repository?.default_branch) ?? same[0];
}

/** The archive with the plans, or undefined when the run left none. A larger one is refused unread. */
async function downloadPlans({ github, context }) {
  const artifacts = await github.paginate(github.rest.actions.listWorkflowRunArtifacts, {
    ...context.repo, run_id: context.payload.workflow_run.id, per_page: 100,
  });
  const artifact = artifacts.find(candidate => candidate.name === artifactName && !candidate.expired);
  if (!artifact) {
    return undefined;
  }
  if (!(artifact.size_in_bytes <= limits.archive)) {
    throw new Error(`The artifact has ${artifact.size_in_bytes} bytes; at most ${limits.archive} are read.`);
  }
  const { data } = await github.rest.actions.downloadArtifact({ ...context.repo, artifact_id: artifact.id, archive_format: 'zip' });
  const archive = Buffer.from(data);
  if (archive.length > limits.archive) {
    throw new Error(`The archive has ${archive.length} bytes; at most ${limits.archive} are read.`);
  }
  return archive;
}

/** Writes <stack>.json of each stack into the folder. Only these names are read, each up to its limit; no path of the archive counts. */
function unpackPlans(archive, folder) {
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'archive.zip');
  fs.writeFileSync(file, archive);
  try {
    for (const stack of stacks) {
      fs.writeFileSync(path.join(folder, `${stack}.json`), readPlan(file, `${stack}.json`));
    }
  } finally {
    fs.rmSync(file);
  }
}

function readPlan(archive, name) {
  let content;
  try {
    content = execFileSync('unzip', ['-p', archive, name], { maxBuffer: limits.plan, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new Error(error.code === 'ENOBUFS'
      ? `${name} unpacks to more than ${limits.plan} bytes.`
      : `${name} cannot be unpacked: ${error.code ?? `unzip exits ${error.status}`}.`);
  }
  let plan;
  try {
    plan = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    throw new Error(`${name} is not JSON.`);
  }
  if (typeof plan !== 'object' || plan === null || Array.isArray(plan) || !Array.isArray(plan.resources)) {
    throw new Error(`${name} is not a plan.`);
  }
  return content;
}

/**
 * The comment from what candor rendered into the folder, or undefined when no stack changes. A part is in it whole or not at all,
 * because half a code block would let the rest of it act on readers.
 */
function compose(folder, commit) {
  const changed = stacks.filter(stack => fs.existsSync(path.join(folder, `${stack}.changed`)));
  if (changed.length === 0) {
    return undefined;
  }
  const parts = ['diff', 'preview'].flatMap(kind => changed.map(stack => ({ kind, stack })));
  let body = `${mark}\n> [!NOTE]\n> Computed from an untrusted branch at \`${commit}\`: it says what the code of this pull request declares.\n`;
  const missing = [];
  for (const part of parts) {
    const text = fs.readFileSync(path.join(folder, `${part.stack}.${part.kind}.md`), 'utf8');
    if (body.length + text.length + 500 <= limits.comment) {
      body += `\n${text}`;
    } else {
      missing.push(`the ${part.kind} of \`${part.stack}\``);
    }
  }
  return missing.length === 0
    ? body
    : `${body}\nToo long for a comment: ${missing.join(', ')}. Run \`./candor diff\` and \`./candor preview\` to see the rest.\n`;
}

/** Finds the pull request, unpacks its plans, and sets number, commit and base for the next steps; none of them where there is nothing to do. */
async function prepare({ github, context, core, folder }) {
  const pull = await findPull({ github, context });
  if (!pull) {
    core.info('No open pull request has the commit that was previewed as its head.');
    return;
  }
  const archive = await downloadPlans({ github, context });
  if (!archive) {
    core.info('The preview left no plans.');
    return;
  }
  unpackPlans(archive, folder);
  core.setOutput('number', String(pull.number));
  core.setOutput('commit', pull.head.sha);
  core.setOutput('base', pull.base.sha);
}

/** Creates the one comment of a pull request or updates it. Says nothing where nothing changes, unless it spoke before. */
async function post({ github, context, core, folder, number, commit }) {
  if (!/^[1-9][0-9]{0,9}$/.test(number) || !/^[0-9a-f]{40}$/.test(commit)) {
    throw new Error('There is no pull request to comment on.');
  }
  const issue = { ...context.repo, issue_number: Number(number) };
  const { data: pull } = await github.rest.pulls.get({ ...context.repo, pull_number: Number(number) });
  if (pull.head.sha !== commit) {
    core.info('The pull request has moved on; the preview of its new head follows.');
    return;
  }
  const comments = await github.paginate(github.rest.issues.listComments, { ...issue, per_page: 100 });
  // A comment whose author's account was deleted has no user.
  const mine = comments.find(comment => comment.user?.login === author && comment.body?.startsWith(mark));
  const body = compose(folder, commit) ?? (mine && `${mark}\nNothing changes any more for any stack.\n`);
  if (!body) {
    core.info('Nothing changes, so nothing is said.');
  } else if (mine) {
    await github.rest.issues.updateComment({ ...context.repo, comment_id: mine.id, body });
  } else {
    await github.rest.issues.createComment({ ...issue, body });
  }
}

module.exports = { prepare, post, findPull, downloadPlans, unpackPlans, compose, limits, mark, stacks };
