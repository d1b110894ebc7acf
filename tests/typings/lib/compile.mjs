/** Compiles one file strictly; a problem has the line (from 0) and the innermost message. */
export function compile(ts, file) {
    const program = ts.createProgram([file], {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: [],
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        moduleResolution: ts.ModuleResolutionKind.Node10,
    });
    const source = program.getSourceFile(file);
    const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    const problems = diagnostics.map(d => ({
        line: source.getLineAndCharacterOfPosition(d.start).line,
        message: readable(innermost(d.messageText)),
    }));
    return { program, source, problems };
}

// The outer messages only repeat the types that lead there.
function innermost(message) {
    while (typeof message !== "string") {
        if (!message.next?.length) return message.messageText;
        message = message.next.at(-1);
    }
    return message;
}

// Of the type only the name matters: that it may also be a promise or an output is true of every input.
function readable(message) {
    const unknown = message.match(/^Object literal may only specify known properties, \w+ '(.*?)' does not exist in type '(?:Input<)?(\w+)[^]*?'\.(?: Did you mean to write '(.*?)'\?)?$/);
    return unknown === null ? message : `${unknown[2]} has no property '${unknown[1]}'${unknown[3] ? `; did you mean '${unknown[3]}'?` : ""}`;
}
