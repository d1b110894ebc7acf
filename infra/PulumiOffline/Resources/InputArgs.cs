using System.Reflection;

namespace Pulumi;

/// <summary>A class whose [Input] members are sent to a provider.</summary>
public abstract class InputArgs
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Nothing set.</summary>
    protected InputArgs()
    {
    }

    /// <summary>The members by wire name; a required one without a value is an error.</summary>
    internal Dictionary<string, object?> ToDictionary()
    {
        var fields = GetType().GetFields(Members).Select(f => (Member: (MemberInfo)f, Value: (Func<object?>)(() => f.GetValue(this))));
        var properties = GetType()
            .GetProperties(Members)
            .Select(p => (Member: (MemberInfo)p, Value: (Func<object?>)(() => p.GetValue(this))));
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (member, get) in fields.Concat(properties))
        {
            if (member.GetCustomAttribute<InputAttribute>() is not { } attribute)
            {
                continue;
            }
            var fullName = $"[Input] {GetType().FullName}.{member.Name}";
            var value = get();
            if (value is null && attribute.IsRequired)
            {
                throw new ArgumentNullException(member.Name, $"{fullName} is required but was not given a value");
            }
            values.Add(attribute.Name, value is not null && attribute.Json ? Serialization.InputJsonText.Of(fullName, value) : value);
        }
        return values;
    }
}
