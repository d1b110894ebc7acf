namespace Candor.PulumiOffline;

/// <summary>How a schema type is written in C#: <c>[T]</c> is a list, <c>{T}</c> a map, <c>A|B</c> a union.</summary>
internal static class TypeNames
{
    private const string Immutable = "global::System.Collections.Immutable";

    /// <summary>As an input: InputList, InputMap, InputUnion, InputJson or Input.</summary>
    public static string Input(string type) => type[0] switch
    {
        '[' => $"global::Pulumi.InputList<{Element(Inner(type))}>",
        '{' => $"global::Pulumi.InputMap<{Element(Inner(type))}>",
        _ when type == "json" => "global::Pulumi.InputJson",
        _ when type.Contains('|') => $"global::Pulumi.InputUnion<{string.Join(", ", type.Split('|').Select(Element))}>",
        _ => $"global::Pulumi.Input<{Element(type)}>",
    };

    /// <summary>As an argument of a prompt lookup: List, Dictionary or the type itself.</summary>
    public static string Plain(string type) => type[0] switch
    {
        '[' => $"global::System.Collections.Generic.List<{Element(Inner(type))}>",
        '{' => $"global::System.Collections.Generic.Dictionary<string, {Element(Inner(type))}>",
        _ => Element(type),
    };

    /// <summary>As an output or an element: immutable collections, Union, JsonElement or the type itself.</summary>
    public static string Element(string type) => type[0] switch
    {
        '[' => $"{Immutable}.ImmutableArray<{Element(Inner(type))}>",
        '{' => $"{Immutable}.ImmutableDictionary<string, {Element(Inner(type))}>",
        _ when type == "json" => "global::System.Text.Json.JsonElement",
        _ when type.Contains('|') => $"global::Pulumi.Union<{string.Join(", ", type.Split('|').Select(Element))}>",
        _ when type.Contains('.') => $"global::{type}",
        _ => type,
    };

    /// <summary>As an output that may be missing; lists are empty then.</summary>
    public static string Output(SchemaMember member)
        => Element(member.Type) + (member.Has("optional") && member.Type[0] != '[' ? "?" : "");

    /// <summary>Whether it is a list or a map.</summary>
    public static bool IsCollection(string type) => type[0] is '[' or '{';

    private static string Inner(string type) => type.Substring(1, type.Length - 2);
}
