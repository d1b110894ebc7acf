using Candor.Planning;

namespace Candor.Infra.Tests.Typings;

/// <summary>A Plan as a TypeScript program against the official npm packages.</summary>
/// <param name="Text">The program; it exports a function <c>declare</c> that gives every resource it makes.</param>
/// <param name="Lines">For each line of it, what of the Plan it says; null for a line that is the same for every Plan.</param>
/// <param name="Declared">The resources that it declares.</param>
internal sealed record TypeScriptProgram(string Text, IReadOnlyList<TypeScriptLine?> Lines, IReadOnlyList<PlanResource> Declared);

/// <summary>What a line of the program says.</summary>
/// <param name="Resource">URN of the resource.</param>
/// <param name="Property">Path of the property, such as <c>spec.ports[0].port</c>; empty for the resource itself.</param>
internal sealed record TypeScriptLine(string Resource, string Property);
