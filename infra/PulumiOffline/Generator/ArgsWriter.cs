namespace Candor.PulumiOffline;

/// <summary>Writes the classes that a program fills: arguments of resources and of lookups.</summary>
internal static class ArgsWriter
{
    /// <summary>Arguments of a resource, or of a lookup that takes outputs.</summary>
    public static void WriteInputs(Code code, SchemaType type, string baseType)
    {
        Open(code, type, baseType);
        foreach (var member in type.Members)
        {
            var input = TypeNames.Input(member.Type);
            if (TypeNames.IsCollection(member.Type))
            {
                Collection(code, member, input, member.Has("secret") ? "global::Pulumi.Output.CreateSecret(value.ToOutput())" : "value");
            }
            else if (member.Has("secret"))
            {
                Secret(code, member, input);
            }
            else
            {
                code.Doc($"Input <c>{member.Wire}</c>{(member.Has("required") ? ", required" : "")}.");
                code.Line(Attribute(member));
                code.Line(member.Has("required")
                    ? $"public {input} {member.Name} {{ get; set; }} = null!;"
                    : $"public {input}? {member.Name} {{ get; set; }}");
            }
        }
        Close(code, type);
    }

    /// <summary>Arguments of a lookup that takes values only.</summary>
    public static void WritePlain(Code code, SchemaType type)
    {
        Open(code, type, "InvokeArgs");
        foreach (var member in type.Members)
        {
            var plain = TypeNames.Plain(member.Type);
            if (TypeNames.IsCollection(member.Type))
            {
                Collection(code, member, plain, "value");
                continue;
            }
            code.Doc($"Argument <c>{member.Wire}</c>{(member.Has("required") ? ", required" : "")}.");
            code.Line(Attribute(member));
            var isValue = plain is "int" or "bool" or "double";
            code.Line(member.Has("required")
                ? $"public {plain} {member.Name} {{ get; set; }}{(isValue ? "" : " = null!;")}"
                : $"public {plain}? {member.Name} {{ get; set; }}");
        }
        Close(code, type);
    }

    private static void Open(Code code, SchemaType type, string baseType)
    {
        code.Doc($"Arguments of {type.Name.Replace("Args", "")}.");
        code.Open($"public {(type.Has("open") ? "" : "sealed ")}class {type.Name} : global::Pulumi.{baseType}");
        code.Doc("Nothing set but what has a default.");
        code.Open($"public {type.Name}()");
        foreach (var member in type.Members)
        {
            var value = member.Value("default")
                ?? (member.Value("environment") is { } names
                    ? $"global::Pulumi.ProviderEnvironment.{(member.Type == "bool" ? "Flag" : "Text")}"
                        + $"({string.Join(", ", names.Split(',').Select(n => $"\"{n}\""))})"
                    : null);
            if (value is null)
            {
                continue;
            }
            if (member.Type == "bool" && member.Value("environment") is not null)
            {
                code.Open($"if ({value} is {{ }} {Code.Identifier(member.Wire)})");
                code.Line($"{member.Name} = {Code.Identifier(member.Wire)};");
                code.Close();
            }
            else
            {
                code.Line($"{member.Name} = {value}{(member.Value("environment") is not null ? "!" : "")};");
            }
        }
        code.Close();
    }

    private static void Close(Code code, SchemaType type)
    {
        code.Doc("Nothing set.");
        code.Line($"public static new {type.Name} Empty => new {type.Name}();");
        code.Close();
    }

    // The attribute is on the field: reading the property would make an empty list of a missing one.
    private static void Collection(Code code, SchemaMember member, string type, string value)
    {
        var field = $"_{member.Wire}";
        code.Line(Attribute(member));
        code.Line($"private {type}? {field};");
        code.Doc($"Input <c>{member.Wire}</c>{(member.Has("required") ? ", required" : "")}.");
        code.Open($"public {type} {member.Name}");
        code.Line($"get => {field} ??= new {type}();");
        code.Line($"set => {field} = {value};");
        code.Close();
    }

    private static void Secret(Code code, SchemaMember member, string type)
    {
        var field = $"_{member.Wire}";
        code.Line(Attribute(member));
        code.Line($"private {type}? {field};");
        code.Doc($"Input <c>{member.Wire}</c>{(member.Has("required") ? ", required" : "")}; a secret.");
        code.Open($"public {type}? {member.Name}");
        code.Line($"get => {field};");
        code.Line($"set => {field} = value is null ? null : ({type})global::Pulumi.Output.CreateSecret(value.ToOutput());");
        code.Close();
    }

    private static string Attribute(SchemaMember member)
        => $"[global::Pulumi.Input(\"{member.Wire}\"{(member.Has("required") ? ", required: true" : "")}"
            + $"{(member.Has("json") ? ", json: true" : "")})]";
}
