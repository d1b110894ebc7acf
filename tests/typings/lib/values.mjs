// In the typings most closed sets of values are plain strings; which values they take is in the enums beside them and in the documentation.
const phrases = "(?:Valid|Possible) values(?: are|:)|The value is|(?:Should|Must) be one of|(?:Either of the following is|The following values are) supported:";
const list = new RegExp(`(?:${phrases})\\s+((?:(?:,\\s*)?(?:(?:and|or)\\s+)?\`[^\`\\s]+\`(?:\\s*\\([^)]*\\))?\\s*)+)(?:\\.|$)`);

// Cloud providers add to these all the time; Pulumi's enums only help to remember some.
const open = new Set(["InstanceType", "StorageType"]);

// The documentation is made from Terraform's, and some of its snake_case values became camelCase on the way.
const camel = text => text.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** Finds texts that are none of the values their property takes. */
export function closedValues(ts, program, source) {
    const checker = program.getTypeChecker();
    const problems = [];

    const allowed = (object, name) => {
        const contextual = checker.getContextualType(object);
        const types = contextual === undefined ? [] : contextual.isUnion() ? contextual.types : [contextual];
        for (const type of types) {
            const property = type.getProperty(name);
            const declaration = property?.valueDeclaration;
            if (!declaration?.type) continue;
            const values = fromEnum(declaration.type) ?? fromText(ts.displayPartsToString(property.getDocumentationComment(checker)));
            if (values) return values;
        }
        return undefined;
    };

    const fromEnum = node => {
        let found;
        const visit = child => {
            if (ts.isTypeReferenceNode(child) && child.typeName.getText().startsWith("enums.") && !open.has(child.typeName.right.text)) {
                const type = checker.getTypeFromTypeNode(child);
                found = (type.isUnion() ? type.types : [type]).map(t => t.value);
            }
            ts.forEachChild(child, visit);
        };
        visit(node);
        return found;
    };

    const fromText = text => {
        // A list that goes on elsewhere is not the whole of it.
        if (text.includes("Additionally")) return undefined;
        const values = [...(text.replaceAll("\n", " ").match(list)?.[1] ?? "").matchAll(/`([^`]+)`/g)].map(m => m[1].replaceAll('"', ""));
        return values.length > 1 ? values : undefined;
    };

    const visit = node => {
        if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.initializer)) {
            const name = node.name.text;
            const values = allowed(node.parent, name);
            if (values && !values.includes(node.initializer.text) && !values.includes(camel(node.initializer.text))) {
                problems.push({
                    line: source.getLineAndCharacterOfPosition(node.getStart()).line,
                    message: `'${node.initializer.text}' is none of the values that ${name} takes: ${values.join(", ")}`,
                });
            }
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return problems;
}
