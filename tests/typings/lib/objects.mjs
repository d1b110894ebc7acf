import fs from "node:fs";
import path from "node:path";

const schemas = path.join(import.meta.dirname, "..", "schemas");

/** Checks Kubernetes objects against kubernetes-models, custom ones against the schemas beside this folder. */
export function objects(require, file) {
    return JSON.parse(fs.readFileSync(file, "utf8")).flatMap(({ urn, custom, object }) =>
        errors(require, custom, object).map(({ path: where, message }) => ({ urn, path: where, message })));
}

function errors(require, custom, object) {
    if (custom) {
        const name = `${object.apiVersion.replace("/", "_")}_${object.kind}.json`;
        const schema = path.join(schemas, name);
        if (!fs.existsSync(schema)) return [{ path: "kind", message: `there is no schema for this custom resource: add tests/typings/schemas/${name}` }];
        const Ajv = require("ajv/dist/2020").default;
        const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(JSON.parse(fs.readFileSync(schema, "utf8")));
        return validate(object) ? [] : validate.errors.map(readable);
    }
    let model;
    try {
        model = require(`kubernetes-models/${object.apiVersion}/${object.kind}`)[object.kind];
    } catch {
        return [{ path: "kind", message: `${object.apiVersion} has no ${object.kind}` }];
    }
    try {
        new model(object).validate();
        return [];
    } catch (error) {
        return (error.errors ?? [{ instancePath: "", message: error.message }]).map(readable);
    }
}

// /spec/ports/0/port is spec.ports[0].port; the message says what is allowed where it is a list.
function readable({ instancePath, message, params }) {
    const where = instancePath.slice(1).split("/").map(part => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    const named = params?.additionalProperty ?? params?.unevaluatedProperty ?? params?.missingProperty;
    if (named) where.push(named);
    const text = where.filter(part => part !== "").map(part => /^\d+$/.test(part) ? `[${part}]` : `.${part}`).join("").replace(/^\./, "");
    const allowed = params?.allowedValues ? `: ${params.allowedValues.join(", ")}` : "";
    return { path: text, message: `${message ?? "is not valid"}${allowed}` };
}
