using System.Text.Json;
using Candor.Planning;

namespace Candor.Infra.Tests.Typings;

/// <summary>
/// Renders a Plan as TypeScript. Every value is a literal where its type is expected, so that the compiler refuses properties that
/// do not exist; every property has a line of its own, so that what the compiler says can be told in the Plan's words.
/// </summary>
internal sealed class TypeScriptRenderer
{
    private readonly List<string> _text = [];
    private readonly List<TypeScriptLine?> _lines = [];
    private string _resource = string.Empty;

    private TypeScriptRenderer()
    {
    }

    /// <summary>Renders every resource of the Plan that a package has a class for; components have none.</summary>
    public static TypeScriptProgram Render(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var resources = plan.Resources
            .Select(resource => (Resource: resource, Module: NpmModule.Of(resource.Type)))
            .Where(pair => pair.Module is not null && !pair.Resource.IsComponent)
            .Select(pair => (pair.Resource, Module: pair.Module!))
            .ToList();
        var renderer = new TypeScriptRenderer();
        renderer.Program(resources);
        return new(string.Join('\n', renderer._text) + "\n", renderer._lines, [.. resources.Select(pair => pair.Resource)]);
    }

    private void Program(IReadOnlyList<(PlanResource Resource, NpmModule Module)> resources)
    {
        Fixed("import * as pulumi from \"@pulumi/pulumi\";");
        var modules = new Dictionary<NpmModule, int>();
        foreach (var (resource, module) in resources)
        {
            if (modules.TryAdd(module, modules.Count))
            {
                // A module that does not exist is a mistake in the type token of whoever needs it.
                _resource = resource.Urn;
                Line($"import {{ {module.Class} as T{modules[module]} }} from {Literal(module.Path)};", string.Empty);
            }
        }

        Fixed("export function declare(): pulumi.Resource[] {");
        Fixed("return [");
        foreach (var (resource, module) in resources)
        {
            _resource = resource.Urn;
            Value($"new T{modules[module]}({Literal(resource.Name)}, ", ProviderInputs.Of(resource), string.Empty, "),");
        }

        _resource = string.Empty;
        Fixed("];");
        Fixed("}");
    }

    private void Value(string before, PlanValue value, string path, string after)
    {
        switch (value.Kind)
        {
            case JsonValueKind.Object:
                Line(before + "{", path);
                foreach (var (name, item) in value.Properties)
                {
                    Value($"{(PropertyPath.IsPlain(name) ? name : Literal(name))}: ", item, PropertyPath.Child(path, name), ",");
                }

                Line("}" + after, path);
                break;
            case JsonValueKind.Array:
                Line(before + "[", path);
                foreach (var (item, index) in value.Items.Select((item, index) => (item, index)))
                {
                    Value(string.Empty, item, PropertyPath.Item(path, index), ",");
                }

                Line("]" + after, path);
                break;
            default:
                Line(before + (value.Text is { } text ? Literal(text) : value.Exists ? value.ToString() : "null") + after, path);
                break;
        }
    }

    private void Fixed(string text)
    {
        _text.Add(text);
        _lines.Add(null);
    }

    private void Line(string text, string path)
    {
        _text.Add(text);
        _lines.Add(new(_resource, path));
    }

    // A JSON string is a TypeScript string.
    private static string Literal(string text) => JsonSerializer.Serialize(text);
}
