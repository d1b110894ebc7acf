using System.Reflection;

namespace Candor.Infra.Tests.PulumiOffline.Subset;

/// <summary>The public members of a type, written as the reference writes them.</summary>
internal static class Surface
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    public static IEnumerable<string> Constructors(Type type)
        => type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).Select(c => Parameters(c));

    public static IEnumerable<string> Methods(Type type)
        => type.GetMethods(Declared)
            .Where(m => m.IsPublic && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)))
            // What every value type has; the reference notes it for the core package only.
            .Where(m => !type.IsDefined(typeof(Pulumi.EnumTypeAttribute)) || m.Name is not ("Equals" or "GetHashCode" or "ToString"))
            .Select(Method);

    /// <summary>Whether a method is virtual matters to nobody who calls it.</summary>
    public static string Comparable(string member) => member.Replace("virtual ", "", StringComparison.Ordinal);

    public static IEnumerable<string> Protected(Type type)
        => type.GetMethods(Declared).Where(m => m.IsFamily && !m.IsSpecialName).Select(m => $"protected {Method(m)}")
            .Concat(type.GetConstructors(Declared).Where(c => c.IsFamily).Select(c => $"protected .ctor({Parameters(c)})"));

    public static IEnumerable<string> Fields(Type type)
        => type.GetFields(Declared).Where(f => f.IsPublic).Select(f => $"{TypeText.Of(f.FieldType)} {f.Name}");

    public static IEnumerable<Property> Properties(Type type)
        => type.GetProperties(Declared)
            .Where(p => p.GetAccessors(nonPublic: true).Any(a => a.IsPublic))
            .Select(p => Property.Of(type, p));

    private static string Method(MethodInfo method)
    {
        var modifier = method switch
        {
            { IsStatic: true } => "static ",
            { IsAbstract: true } => "abstract ",
            _ => "",
        };
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeText.Of))}>" : "";
        return $"{modifier}{TypeText.Of(method.ReturnType)} {method.Name}{generic}({Parameters(method)})";
    }

    private static string Parameters(MethodBase method)
        => string.Join(", ", method.GetParameters().Select(p =>
        {
            var modifier = p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
            return $"{modifier}{TypeText.Of(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = null" : "")}";
        }));
}
