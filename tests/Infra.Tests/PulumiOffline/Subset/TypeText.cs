namespace Candor.Infra.Tests.PulumiOffline.Subset;

/// <summary>Writes types as the reference does: full names, C# keywords, T? for nullable values.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(double)] = "double",
    };

    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }
        if (type.IsByRef)
        {
            // The reference qualifies a generic parameter behind a reference; what counts is the parameter.
            return $"Pulumi.{type.GetElementType()!.Name}&";
        }
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[]";
        }
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{Of(value)}?";
        }
        if (type.IsGenericParameter)
        {
            return type.Name;
        }
        var owner = type.DeclaringType is { } declaring ? Of(declaring) : type.Namespace;
        var name = $"{owner}.{type.Name.Split('`')[0]}";
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>" : name;
    }

    public static string Kind(Type type) => type switch
    {
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };
}
