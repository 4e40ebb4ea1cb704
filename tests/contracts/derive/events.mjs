// Which object each webhook event carries.
import path from 'node:path';

import { ts } from './package.mjs';

/** Events of objects outside the derived part of the API are left out. */
export function eventsOf(pkg, schemas) {
  const { checker } = pkg;
  const events = {};
  ts.forEachChild(pkg.program.getSourceFile(path.join(pkg.root, 'Events.d.ts')), (node) => {
    if (!ts.isInterfaceDeclaration(node) || !node.name.text.endsWith('Event')) return;
    const type = checker.getTypeAtLocation(node);
    const name = schemas.literal(type, 'type');
    const data = type.getProperty('data');
    const object = data && checker.getTypeOfSymbol(data).getProperty('object');
    if (!name || !object) return;
    const carried = checker.getTypeOfSymbol(object);
    if (!carried.symbol || !schemas.names.get(carried.symbol)) return;
    events[name] = schemas.of(carried, false);
  });
  return events;
}
