using System.Collections;

namespace Candor.Infra.Tests.Program;

/// <summary>One resource as the mocks saw it.</summary>
internal sealed record Declared(string Type, string Name, IReadOnlyDictionary<string, object> Inputs)
{
    /// <summary>What is at a path such as <c>spec.template.spec.containers[0].image</c>; null when nothing is.</summary>
    public object? At(string path) => Walk(Inputs, path);

    public string? Text(string path) => At(path)?.ToString();

    public int Number(string path) =>
        Convert.ToInt32(
            At(path) ?? throw new KeyNotFoundException($"{Type} {Name} has no {path}"), System.Globalization.CultureInfo.InvariantCulture);

    public IReadOnlyList<object> List(string path) => At(path) is IEnumerable list and not string ? [.. list.Cast<object>()] : [];

    public static object? Walk(object? value, string path)
    {
        foreach (var step in path.Split('.'))
        {
            var name = step;
            var index = -1;
            if (step.EndsWith(']'))
            {
                var bracket = step.IndexOf('[', StringComparison.Ordinal);
                name = step[..bracket];
                index = int.Parse(step[(bracket + 1)..^1], System.Globalization.CultureInfo.InvariantCulture);
            }

            value = (value as IReadOnlyDictionary<string, object>)?.GetValueOrDefault(name.Replace('/', '.'));
            if (index >= 0)
            {
                value = value is IEnumerable list ? list.Cast<object>().ElementAtOrDefault(index) : null;
            }
        }

        return value;
    }

    /// <summary>Every leaf of the inputs with its path.</summary>
    public IEnumerable<(string Path, object Value)> Leaves() => Leaves(string.Empty, Inputs);

    private static IEnumerable<(string Path, object Value)> Leaves(string path, object value) => value switch
    {
        IEnumerable<KeyValuePair<string, object>> map =>
            map.SelectMany(member => Leaves(path.Length == 0 ? member.Key : $"{path}.{member.Key}", member.Value)),
        IEnumerable list and not string => list.Cast<object>().SelectMany((item, index) => Leaves($"{path}[{index}]", item)),
        _ => [(path, value)],
    };
}
