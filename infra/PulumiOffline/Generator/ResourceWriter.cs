namespace Candor.PulumiOffline;

/// <summary>Writes resources and lookups.</summary>
internal static class ResourceWriter
{
    /// <summary>A resource with its outputs.</summary>
    public static void WriteResource(Code code, SchemaType type, string version)
    {
        var isProvider = type.Name == "Provider";
        var apiVersion = type.Value("apiVersion");
        var baseType = isProvider ? "global::Pulumi.ProviderResource"
            : apiVersion is not null ? "global::Pulumi.Kubernetes.KubernetesResource"
            : "global::Pulumi.CustomResource";
        var args = $"global::{type.Args}";
        code.Doc($"Resource <c>{type.Token}</c>.");
        code.Line($"[global::Pulumi.ResourceType(\"{type.Token}\", \"{version}\")]");
        code.Open($"public partial class {type.Name} : {baseType}");
        foreach (var member in type.Members)
        {
            code.Doc($"Output <c>{member.Wire}</c>.");
            code.Line($"[global::Pulumi.Output(\"{member.Wire}\")]");
            code.Line($"public global::Pulumi.Output<{TypeNames.Output(member)}> {member.Name} {{ get; private set; }} = null!;");
        }
        code.Doc("Declares the resource under a name that is unique for its type.");
        var parameter = type.Has("optional") ? $"{args}? args = null" : $"{args} args";
        code.Line($"public {type.Name}(string name, {parameter}, global::Pulumi.CustomResourceOptions? options = null)");
        var given = apiVersion is null ? $"args ?? new {args}()" : "WithKind(args)";
        code.Open($"    : base(\"{type.Token}\", name, {given}, WithDefaults(options))");
        code.Close();
        if (apiVersion is not null)
        {
            code.Open($"private static {args} WithKind({args}? args)");
            code.Line($"args ??= new {args}();");
            code.Line($"args.ApiVersion = \"{apiVersion}\";");
            code.Line($"args.Kind = \"{type.Value("kind")}\";");
            code.Line("return args;");
            code.Close();
        }
        var secrets = string.Join(", ", (type.Value("secrets") ?? "").Split(',').Where(s => s.Length > 0).Select(s => $"\"{s}\""));
        code.Open("private static global::Pulumi.CustomResourceOptions WithDefaults(global::Pulumi.CustomResourceOptions? options)");
        code.Line("return global::Pulumi.CustomResourceOptions.Merge(");
        code.Line(
            $"    new global::Pulumi.CustomResourceOptions {{ Version = \"{version}\", AdditionalSecretOutputs = {{ {secrets} }} }}, "
                + "options);");
        code.Close();
        code.Close();
    }

    /// <summary>A lookup with its three ways to call it.</summary>
    public static void WriteFunction(Code code, SchemaType type)
    {
        var (full, mark) = ($"global::{type.FullName}", type.Has("optional") ? "? args = null" : " args");
        code.Doc($"Lookup <c>{type.Token}</c>.");
        code.Open($"public static class {type.Name}");
        code.Doc("Looks it up at once.");
        code.Line(
            $"public static global::System.Threading.Tasks.Task<{full}Result> InvokeAsync({full}Args{mark}, "
                + "global::Pulumi.InvokeOptions? options = null)");
        code.Line(
            $"    => global::Pulumi.Deployment.Instance.InvokeAsync<{full}Result>(\"{type.Token}\", args ?? new {full}Args(), options);");
        code.Doc("Looks it up once its arguments are known.");
        code.Line(
            $"public static global::Pulumi.Output<{full}Result> Invoke({full}InvokeArgs{mark}, global::Pulumi.InvokeOptions? options = "
                + "null)");
        code.Line(
            $"    => global::Pulumi.Deployment.Instance.Invoke<{full}Result>(\"{type.Token}\", args ?? new {full}InvokeArgs(), options);");
        code.Doc("Looks it up once its arguments are known and other resources exist.");
        code.Line(
            $"public static global::Pulumi.Output<{full}Result> Invoke({full}InvokeArgs args, global::Pulumi.InvokeOutputOptions options)");
        code.Line(
            $"    => global::Pulumi.Deployment.Instance.Invoke<{full}Result>(\"{type.Token}\", args ?? new {full}InvokeArgs(), options);");
        code.Close();
    }

    /// <summary>What a provider gives back as part of an output.</summary>
    public static void WriteOutput(Code code, SchemaType type)
    {
        code.Doc($"Output type {type.Name}.");
        code.Line("[global::Pulumi.OutputType]");
        code.Open($"public sealed class {type.Name}");
        foreach (var member in type.Members)
        {
            code.Doc($"Output <c>{member.Wire}</c>.");
            code.Line($"public readonly {TypeNames.Output(member)} {member.Name};");
        }
        code.Line("[global::Pulumi.OutputConstructor]");
        code.Open(
            $"private {type.Name}({string.Join(", ", type.Members.Select(m => $"{TypeNames.Output(m)} {Code.Identifier(m.Wire)}"))})");
        foreach (var member in type.Members)
        {
            code.Line($"{member.Name} = {Code.Identifier(member.Wire)};");
        }
        code.Close();
        code.Close();
    }

    /// <summary>A struct that stands for one of a fixed set of strings.</summary>
    public static void WriteEnum(Code code, SchemaType type)
    {
        var name = type.Name;
        code.Doc($"A known value of {name}.");
        code.Line("[global::Pulumi.EnumType]");
        code.Open($"public readonly struct {name} : global::System.IEquatable<{name}>");
        code.Line("private readonly string _value;");
        code.Open($"private {name}(string value)");
        code.Line("_value = value ?? throw new global::System.ArgumentNullException(nameof(value));");
        code.Close();
        foreach (var member in type.Members)
        {
            code.Doc($"<c>{member.Type}</c>.");
            code.Line($"public static {name} {member.Name} {{ get; }} = new {name}(\"{member.Type}\");");
        }
        code.Doc("Whether both are the same.");
        code.Line($"public static bool operator ==({name} left, {name} right) => left.Equals(right);");
        code.Doc("Whether they differ.");
        code.Line($"public static bool operator !=({name} left, {name} right) => !left.Equals(right);");
        code.Doc("The value on the wire.");
        code.Line($"public static explicit operator string({name} value) => value._value;");
        code.Doc("Whether both are the same.");
        code.Line($"public bool Equals({name} other) => string.Equals(_value, other._value, global::System.StringComparison.Ordinal);");
        code.Doc("Whether both are the same.");
        code.Line($"public override bool Equals(object? obj) => obj is {name} other && Equals(other);");
        code.Doc("A hash of the value.");
        code.Line("public override int GetHashCode() => _value?.GetHashCode() ?? 0;");
        code.Doc("The value on the wire.");
        code.Line("public override string ToString() => _value;");
        code.Close();
    }
}
