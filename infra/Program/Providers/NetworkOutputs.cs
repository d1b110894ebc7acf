using System.Collections.Immutable;
using Pulumi;

namespace Candor.Program.Providers;

/// <summary>What the network stack gives, checked as a whole: one message names every output that is missing or of another type.</summary>
/// <param name="VpcId">VPC of the balancer and the pods.</param>
/// <param name="BalancerSubnetIds">Subnets of the balancer.</param>
/// <param name="PrivateSubnetIds">Subnets of managed dependencies; empty when there are none.</param>
/// <param name="ClusterName">EKS cluster; empty when it is not asked for.</param>
internal sealed record NetworkOutputs(
    string VpcId, ImmutableArray<string> BalancerSubnetIds, ImmutableArray<string> PrivateSubnetIds, string ClusterName)
{
    /// <summary>Reads the outputs of the stack; those that this stack does not need may be missing.</summary>
    /// <exception cref="RunException">When the program runs: an output is missing or of another type.</exception>
    internal static Output<NetworkOutputs> Read(StackReference stack, string name, bool withPrivate, bool withCluster) => Output
        .Tuple(
            stack.GetOutput("vpcId"),
            stack.GetOutput("balancerSubnetIds"),
            withPrivate ? stack.GetOutput("privateSubnetIds") : Output.Create((object?)null),
            withCluster ? stack.GetOutput("clusterName") : Output.Create((object?)null))
        .Apply(found =>
        {
            var problems = new List<string>();
            var outputs = new NetworkOutputs(
                Text("vpcId", found.Item1, problems),
                Texts("balancerSubnetIds", found.Item2, problems),
                withPrivate ? Texts("privateSubnetIds", found.Item3, problems) : [],
                withCluster ? Text("clusterName", found.Item4, problems) : string.Empty);
            return problems.Count == 0
                ? outputs
                : throw new RunException(
                    $"The network stack {name} does not give what this stack takes from it (candor:networkStack):\n"
                    + string.Join('\n', problems.Select(problem => $"  {problem}"))
                    + "\nCorrect its outputs, or set the keys of these names here and leave candor:networkStack out.");
        });

    private static string Text(string name, object? value, List<string> problems)
    {
        if (value is string { Length: > 0 } text)
        {
            return text;
        }

        problems.Add($"output {name}: found {Describe(value)}, expected a text");
        return string.Empty;
    }

    private static ImmutableArray<string> Texts(string name, object? value, List<string> problems)
    {
        const string Expected = "expected a list of texts";
        if (value is string or not IEnumerable<object>)
        {
            problems.Add($"output {name}: found {Describe(value)}, {Expected}");
            return [];
        }

        ImmutableArray<object?> items = [.. (IEnumerable<object?>)value];
        if (items.IsEmpty)
        {
            problems.Add($"output {name}: found an empty list, {Expected}");
        }
        else if (items.FirstOrDefault(item => item is not string { Length: > 0 }, string.Empty) is not string)
        {
            problems.Add(
                $"output {name}: found a list with {Describe(items.First(item => item is not string { Length: > 0 }))} in it, {Expected}");
        }

        return [.. items.OfType<string>()];
    }

    // Never the value: it may be a secret of the other stack.
    private static string Describe(object? value) => value switch
    {
        null => "nothing",
        "" => "an empty text",
        string => "a text",
        bool => "a truth value",
        int or long or double => "a number",
        IEnumerable<KeyValuePair<string, object>> => "an object",
        IEnumerable<object> => "a list",
        _ => $"a {value.GetType().Name}",
    };
}
