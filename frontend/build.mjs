// Builds frontend/ into src/admit/static: hashed names for caching, and manifest.json to find them.
//   node frontend/build.mjs           once, minified
//   node frontend/build.mjs --watch   again after every change
import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import { copyFile, cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const finished = path.join(root, 'src', 'admit', 'static');
const unfinished = `${finished}.new`;
const watching = process.argv.includes('--watch');

const licences = {
  'htmx.org.txt': 'htmx.org/LICENSE',
  'bricolage-grotesque.txt': '@fontsource-variable/bricolage-grotesque/LICENSE',
  'figtree.txt': '@fontsource-variable/figtree/LICENSE',
};

async function bundle() {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: 'frontend/scripts/app.js', out: 'app' },
      { in: 'frontend/styles/app.css', out: 'app' },
    ],
    outdir: unfinished,
    bundle: true,
    format: 'esm',
    target: 'esnext',
    minify: !watching,
    sourcemap: watching ? 'inline' : false,
    legalComments: 'none',
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    loader: { '.woff2': 'file' },
    metafile: true,
    logLevel: 'warning',
  });
  return namesOf(result.metafile);
}

/** Plain name -> hashed name, for everything that a template may ask for. */
function namesOf(metafile) {
  const names = {};
  for (const output of Object.keys(metafile.outputs)) {
    const hashed = path.basename(output);
    names[hashed.replace(/-[A-Z0-9]{8}(\.[a-z0-9]+)$/, '$1')] = hashed;
  }
  return names;
}

async function copyImages() {
  const names = {};
  for (const file of (await readdir(path.join(here, 'images'))).sort()) {
    const source = path.join(here, 'images', file);
    const { name, ext } = path.parse(file);
    const hash = createHash('sha256').update(await readFile(source));
    names[file] = `${name}-${hash.digest('hex').slice(0, 8).toUpperCase()}${ext}`;
    await copyFile(source, path.join(unfinished, names[file]));
  }
  return names;
}

async function copyLicences() {
  await mkdir(path.join(unfinished, 'licences'));
  for (const [name, source] of Object.entries(licences)) {
    await copyFile(
      path.join(root, 'node_modules', source),
      path.join(unfinished, 'licences', name),
    );
  }
}

async function buildAll() {
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const names = { ...(await bundle()), ...(await copyImages()) };
  await copyLicences();
  await writeFile(path.join(unfinished, 'manifest.json'), `${JSON.stringify(names, null, 2)}\n`);
  await publish();
  return names;
}

/** A page that is being served never sees a half-written folder: new files first, the list last. */
async function publish() {
  await mkdir(finished, { recursive: true });
  const before = await readdir(finished);
  const now = await readdir(unfinished);
  await cp(unfinished, finished, {
    recursive: true,
    filter: (source) => path.basename(source) !== 'manifest.json',
  });
  await rename(path.join(unfinished, 'manifest.json'), path.join(finished, 'manifest.json'));
  const stale = before.filter((name) => !now.includes(name));
  await Promise.all(stale.map((name) => rm(path.join(finished, name), { recursive: true })));
  await rm(unfinished, { recursive: true });
}

async function buildAndTell() {
  const started = performance.now();
  const names = await buildAll();
  const took = Math.round(performance.now() - started);
  console.log(`built ${Object.keys(names).length} files into src/admit/static in ${took} ms`);
}

async function rebuildOnChange() {
  let timer;
  watch(here, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => buildAndTell().catch((error) => console.error(error.message)), 80);
  });
}

await buildAndTell();
if (watching) await rebuildOnChange();
