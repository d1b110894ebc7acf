using System.Collections.Immutable;
using Pulumi.Serialization;
using Pulumi.Testing;

namespace Pulumi;

/// <summary>Runs a program; here only with mocks in place of the engine.</summary>
public sealed partial class Deployment
{
    private static readonly AsyncLocal<DeploymentInstance?> Running = new();

    private readonly MockMonitor monitor;
    private readonly RunningTasks tasks = new();
    private readonly ImmutableDictionary<string, string> config = DeploymentConfig.Read();
    private Stack? stack;

    private Deployment(IMocks mocks, TestOptions? options)
    {
        monitor = new MockMonitor(mocks);
        IsDryRun = options?.IsPreview ?? true;
        StackName = options?.StackName ?? "stack";
        ProjectName = options?.ProjectName ?? "project";
        OrganizationName = options?.OrganizationName ?? "organization";
        RootDirectory = options?.RootDirectory ?? "rootDirectory";
    }

    /// <summary>The deployment that is running the calling code.</summary>
    public static DeploymentInstance Instance
        => Running.Value ?? throw new InvalidOperationException("Trying to acquire Deployment.Instance before 'Run' was called.");

    internal static Deployment Current => Instance.Deployment;

    internal string StackName { get; }

    internal string ProjectName { get; }

    internal string OrganizationName { get; }

    internal string RootDirectory { get; }

    internal bool IsDryRun { get; }

    internal Stack Stack
    {
        get => stack ?? throw new InvalidOperationException("Trying to acquire Deployment.Stack before 'Run' was called.");
        set => stack = value;
    }

    internal List<string> Errors { get; } = [];

    internal static string NeedsOfficialPackages(string what)
        => $"{what} need the official Pulumi packages; this program was built with the offline subset, which only runs with mocks " +
            "(docs/offline.md). Build with the property Feed=full from a feed that carries them.";

    internal static void TryTrack(Task task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            Running.Value?.Deployment.tasks.Add(task);
        }
    }

    internal string? GetConfig(string fullKey) => config.GetValueOrDefault(fullKey);

    /// <summary>Begins to register a resource; the run waits for it.</summary>
    internal void Register(
        Resource resource, ResourceArgs args, ResourceOptions options, IReadOnlyDictionary<string, IOutputCompletionSource> outputs)
        => tasks.Add(new ResourceRegistration(monitor, this, resource, options).RunAsync(args, outputs));

    internal void RegisterOutputs(Resource resource, Output<IDictionary<string, object?>> outputs)
    {
        tasks.Add(RegisterAsync());

        async Task RegisterAsync()
        {
            var urn = await resource.Urn.GetValueAsync(whenUnknown: "").ConfigureAwait(false);
            var named = await outputs.GetValueAsync(whenUnknown: ImmutableDictionary<string, object?>.Empty).ConfigureAwait(false);
            var serialized = ImmutableDictionary.CreateBuilder<string, Output<object?>>();
            foreach (var (name, value) in named)
            {
                var (plain, dependencies) = await Serializer.PropertyAsync($"{urn}.{name}", value).ConfigureAwait(false);
                var data = new OutputData<object?>([.. dependencies], plain.IsKnown ? plain.Value : null, plain.IsKnown, plain.IsSecret);
                serialized[name] = new Output<object?>(Task.FromResult(data));
            }
            await monitor.RegisterOutputsAsync(urn, serialized.ToImmutable()).ConfigureAwait(false);
        }
    }
}
