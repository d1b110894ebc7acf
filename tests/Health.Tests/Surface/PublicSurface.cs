using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Candor.Health.Tests.Surface;

/// <summary>The public surface of an assembly as text, one member a line.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Head(type)).Append('\n');
            foreach (var member in Members(type).Distinct().Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Head(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
            : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        var bases = type.GetInterfaces().Where(one => one.IsPublic && one.Namespace?.StartsWith("Candor", StringComparison.Ordinal) == true).Select(Name);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
        {
            bases = bases.Prepend(Name(parent));
        }

        var list = string.Join(", ", bases);
        return $"{kind} {type.Namespace}.{Name(type)}{(list.Length > 0 ? " : " + list : string.Empty)}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}");
        }

        // What the compiler adds to records follows from the rest.
        bool Written(MemberInfo member) => member.GetCustomAttribute<CompilerGeneratedAttribute>() is null;

        return type.GetFields(Declared).Where(field => Visible(field.IsPublic, field.IsFamily) && Written(field))
            .Select(field => $"{(field.IsLiteral ? "const" : "field")} {field.Name} : {Name(field.FieldType)}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : string.Empty)}")
            .Concat(type.GetProperties(Declared).Where(property => property.GetMethod is { } get && Visible(get.IsPublic, get.IsFamily) && property.Name != "EqualityContract")
                .Select(property => $"{(property.GetMethod!.IsStatic ? "static " : string.Empty)}{property.Name} : {Name(property.PropertyType)} {{ get;{Setter(property)} }}"))
            .Concat(type.GetEvents(Declared).Where(one => one.AddMethod!.IsPublic).Select(one => $"event {one.Name} : {Name(one.EventHandlerType!)}"))
            .Concat(type.GetConstructors(Declared).Where(made => Visible(made.IsPublic, made.IsFamily)).Select(made => $"new({Parameters(made)})"))
            .Concat(type.GetMethods(Declared).Where(method => Visible(method.IsPublic, method.IsFamily) && !method.IsSpecialName && Written(method) && !Record(method))
                .Select(method => $"{(method.IsStatic ? "static " : string.Empty)}{method.Name}{Generic(method)}({Parameters(method)}) : {Name(method.ReturnType)}"));
    }

    private static bool Visible(bool isPublic, bool isFamily) => isPublic || isFamily;

    private static bool Record(MethodInfo method) => method.Name is "PrintMembers" or "<Clone>$" or "GetHashCode" or "Equals" or "Deconstruct";

    private static string Setter(PropertyInfo property) => property.SetMethod is not { IsPublic: true } set ? string.Empty
        : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";

    private static string Generic(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(one => one.Name))}>" : string.Empty;

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters()
        .Select(one => $"{(method.IsDefined(typeof(ExtensionAttribute)) && one.Position == 0 ? "this " : string.Empty)}{Name(one.ParameterType)} {one.Name}{(one.HasDefaultValue ? $" = {one.DefaultValue ?? "null"}" : string.Empty)}"));

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return "ref " + Name(type.GetElementType()!);
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Name(inner) + "?";
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        var name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
