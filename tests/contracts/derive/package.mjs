// The official npm package, opened as a TypeScript program.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
export const ts = require('typescript');

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const home = path.join(modules, 'stripe');
const OPTIONS = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  skipLibCheck: true,
  types: [],
};

/** @returns {{root: string, files: string[], program: object, checker: object, version: string, apiVersion: string}} */
export function openPackage() {
  const root = path.join(home, 'cjs', 'resources');
  const files = declarationsIn(root).filter((file) => !file.endsWith('index.d.ts'));
  const shared = ['shared.d.ts', 'lib.d.ts'].map((name) => path.join(home, 'cjs', name));
  const program = ts.createProgram([...files, ...shared], OPTIONS, hostWithin(modules));
  const versionFile = fs.readFileSync(path.join(home, 'cjs', 'apiVersion.js'), 'utf8');
  return {
    root,
    files,
    program,
    checker: program.getTypeChecker(),
    version: JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8')).version,
    apiVersion: /ApiVersion = '([^']+)'/.exec(versionFile)[1],
  };
}

/** Types found in a folder further up would make the document differ between machines. */
function hostWithin(folder) {
  const host = ts.createCompilerHost(OPTIONS);
  const isInside = (name) => !path.relative(folder, path.resolve(name)).startsWith('..');
  const { fileExists } = host;
  host.fileExists = (name) => isInside(name) && fileExists(name);
  return host;
}

function declarationsIn(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return declarationsIn(full);
    return entry.name.endsWith('.d.ts') ? [full] : [];
  });
}
