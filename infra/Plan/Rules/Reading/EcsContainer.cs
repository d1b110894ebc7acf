namespace Candor.Planning.Rules;

/// <summary>One container of an ECS task definition, as its JSON says it.</summary>
/// <param name="Value">Its settings.</param>
/// <param name="Path">Where it stands: <c>containerDefinitions[0]</c>.</param>
internal sealed record EcsContainer(PlanValue Value, string Path)
{
    internal string Name => Value["name"].Known() ?? Path;

    /// <summary>The ports that it listens on; empty when it does not say.</summary>
    internal IReadOnlyList<int> Ports => [.. Value["portMappings"].Items.Select(mapping => mapping["containerPort"].Whole()).OfType<int>()];

    /// <summary>Whether it runs a check of its own.</summary>
    internal bool HasHealthCheck => Value["healthCheck"].Exists;

    /// <summary>Whether the task ends with it; so it is unless it says otherwise.</summary>
    internal bool IsEssential => Value["essential"].Boolean != false;

    /// <summary>How long ECS waits between SIGTERM and SIGKILL: 30 s unless it says otherwise.</summary>
    internal TimeSpan? StopTimeout => Value["stopTimeout"].Seconds(30);
}
