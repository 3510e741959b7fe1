// node validate.js OPENAPI RECORDS: compares recorded answers with docs/openapi.yaml by ajv. RECORDS has one
// answer per line, as JSON: function, method, status, type (Content-Type), body (text). Prints what is wrong, one line
// each, and closes with `N passed, N failed`. Run it with NODE_PATH (tests/openapi/run does).
'use strict';
const fs = require('fs');
const Ajv = require('ajv/dist/2020');
const addFormats = require('ajv-formats');
const yaml = require('yaml');

const [openapi, records] = process.argv.slice(2);
const document = yaml.parse(fs.readFileSync(openapi, 'utf8'));
const ajv = new Ajv({strict: false, allErrors: true, formats: {password: true}});
addFormats(ajv);
ajv.addSchema(document, 'openapi');

const escaped = (key) => key.replace(/~/g, '~0').replace(/\//g, '~1');

// The JSON pointer of the response's schema, or what is not documented.
function schemaOf(record) {
  const path = document.paths[`/${record.function}/`];
  if (!path) return {wrong: `no path for ${record.function}`};
  let response = path[record.method.toLowerCase()].responses[String(record.status)];
  if (!response) return {wrong: `the status ${record.status} is not documented`};
  const pointer = response.$ref.slice(1);
  response = pointer.split('/').slice(1).reduce((node, key) => node[key], document);
  const type = record.type.split(';')[0];
  if (!response.content[type]) return {wrong: `the type ${record.type} is not documented`};
  return {pointer: `${pointer}/content/${escaped(type)}/schema`, type};
}

const compiled = new Map();
let passed = 0;
let failed = 0;
for (const line of fs.readFileSync(records, 'utf8').split('\n')) {
  if (!line) continue;
  const record = JSON.parse(line);
  const {wrong, pointer, type} = schemaOf(record);
  let words = wrong;
  if (!wrong) {
    if (!compiled.has(pointer)) compiled.set(pointer, ajv.compile({$ref: `openapi#${pointer}`}));
    const validate = compiled.get(pointer);
    if (!validate(type === 'application/json' ? JSON.parse(record.body) : record.body))
      words = ajv.errorsText(validate.errors, {separator: ' | '});
  }
  if (words) {
    ++failed;
    console.log(`FAILED ${record.method} ${record.function} ${record.status}: ${words}`);
    console.log(`  ${record.body.slice(0, 300)}`);
  } else {
    ++passed;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
