// planted.mjs -- does the campaign find what it is there to find? Each patch in planted/ is a bug; it is applied to a copy of the
// program, and the rule it breaks must say so. usage: planted.mjs [NAME…]; BUILD: the programs as they are.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const BUILD = resolve(process.env.BUILD), MAKE_PARTS = ['Makefile', 'bot', 'flows', 'locales', 'deploy', 'tests'];
// The campaigns that show it: dice that throw what the bug is blind to.
const campaigns = (...more) => ['tests/soak/soak.mjs', '--patience', '75', ...more];
const planted = [
  { name: 'lost-ack', rule: /# +(lost|stuck): /, run: campaigns('--seeds', '11,12', '--kills', '6', '--at-once', '2') },
  { name: 'double-send', rule: /# +doubled: /, run: campaigns('--seeds', '11,13', '--kills', '4', '--at-once', '2') },
  { name: 'wrong-order', rule: /# +order: /, run: campaigns('--seeds', '7,356,7,356', '--kills', '2', '--at-once', '4') },
  { name: 'over-human', rule: /# +human: /, run: campaigns('--seeds', '11', '--kills', '2') },
  { name: 'outside-window', rule: /window: /, run: ['--test', '--test-reporter=tap', '--test-name-pattern=shut window', 'tests/e2e/hostile.test.mjs'] },
  { name: 'leak', rule: /# +leak: /, run: campaigns('--seeds', '11', '--kills', '1') },
];

// A copy of the sources and of what is built of them already: only what the patch touches is compiled anew.
function build({ name }) {
  const dir = join(BUILD, 'planted', name), copy = join(dir, 'build');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  const keep = { recursive: true, preserveTimestamps: true };
  for (const part of MAKE_PARTS) cpSync(part, join(dir, part), { ...keep, filter: path => !path.includes('/soak/planted') });
  for (const part of ['bot', 'deps.ok', 'practice-phone']) cpSync(join(BUILD, part), join(copy, part), keep);
  execFileSync('patch', ['-s', '-p1', '-d', dir, '-i', resolve('tests/soak/planted', `${name}.patch`)], { stdio: ['ignore', 'inherit', 'inherit'] });
  execFileSync('make', ['-s', '-C', dir, 'BUILD=build', 'build/mailwijzer'], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, MAKEFLAGS: '' } });
  return { dir, copy };
}

function run({ run: args }, { dir, copy }) {
  return new Promise(done => {
    const child = spawn(process.execPath, args, { cwd: dir, env: { ...process.env, BUILD: copy }, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', bytes => { said += bytes; });
    child.once('exit', code => done({ said, code }));
  });
}

const chosen = process.argv.slice(2);
let count = 0, failures = 0;
async function judge(one) {
  let why;
  try {
    const { said, code } = await run(one, build(one));
    why = code === 0 ? 'nothing was found' : one.rule.test(said) ? '' : `something else was found:\n${said}`;
  } catch (error) {
    why = String(error.stack);
  }
  if (why) failures++;
  console.log(`${why ? 'not ok' : 'ok'} ${++count} - the planted bug ${one.name} is found`);
  for (const line of why ? why.split('\n').slice(0, 30) : []) console.log(`#   ${line}`);
}

console.log('TAP version 13');
const todo = planted.filter(one => !chosen.length || chosen.includes(one.name));
await Promise.all([1, 2].map(async () => { while (todo.length) await judge(todo.shift()); }));
console.log(`1..${count}`);
process.exit(failures || !count ? 1 : 0);
