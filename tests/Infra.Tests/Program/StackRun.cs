using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Candor.Program;
using Moq;
using Pulumi;
using Pulumi.Testing;

namespace Candor.Infra.Tests.Program;

/// <summary>Runs the real program against Moq'ed mocks and keeps what it declared.</summary>
internal sealed class StackRun
{
    private StackRun(
        IReadOnlyList<Declared> declared,
        IReadOnlyDictionary<string, ResourceOptions> options,
        IReadOnlyDictionary<string, object?> outputs,
        IReadOnlyList<string> calls)
    {
        Resources = declared;
        Options = options;
        Outputs = outputs;
        Calls = calls;
    }

    public IReadOnlyList<Declared> Resources { get; }

    /// <summary>The options of each resource by <c>type::name</c>.</summary>
    public IReadOnlyDictionary<string, ResourceOptions> Options { get; }

    public IReadOnlyDictionary<string, object?> Outputs { get; }

    /// <summary>The functions that were invoked.</summary>
    public IReadOnlyList<string> Calls { get; }

    public IEnumerable<Declared> OfType(string type) => Resources.Where(resource => resource.Type == type);

    public Declared One(string type, string? name = null) =>
        Assert.Single(Resources, resource => resource.Type == type && (name is null || resource.Name == name));

    public ResourceOptions OptionsOf(Declared resource) => Options[$"{resource.Type}::{resource.Name}"];

    /// <summary>Runs the program; <paramref name="create"/> and <paramref name="call"/> answer instead of <see cref="Cloud"/>.</summary>
    public static async Task<StackRun> Of(
        Dictionary<string, string> config,
        string stack = "dev",
        Func<MockResourceArgs, (string? Id, object State)>? create = null,
        Func<MockCallArgs, object>? call = null)
    {
        var declared = new ConcurrentQueue<Declared>();
        var calls = new ConcurrentQueue<string>();
        var options = new ConcurrentDictionary<string, ResourceOptions>(StringComparer.Ordinal);
        var mocks = new Mock<IMocks>();
        mocks.Setup(mock => mock.NewResourceAsync(It.IsAny<MockResourceArgs>())).Returns((MockResourceArgs args) =>
        {
            declared.Enqueue(new(args.Type!, args.Name!, args.Inputs));
            return Task.FromResult((create ?? Cloud.Create)(args));
        });
        mocks.Setup(mock => mock.CallAsync(It.IsAny<MockCallArgs>())).Returns((MockCallArgs args) =>
        {
            calls.Enqueue(args.Token!);
            return Task.FromResult((call ?? Cloud.Call)(args));
        });

        ResourceTransformationResult? Note(ResourceTransformationArgs args)
        {
            options[$"{args.Resource.GetResourceType()}::{args.Resource.GetResourceName()}"] = args.Options;
            return null;
        }

        using var environment = new PulumiConfig(config);
        IDictionary<string, object?> outputs = ImmutableDictionary<string, object?>.Empty;
        var stackOptions = new StackOptions { ResourceTransformations = { Note } };
        using var services = new StackServices(stackOptions);
        var resources = await Deployment.TestWithServiceProviderAsync<CandorStack>(
            mocks.Object,
            services,
            new TestOptions { IsPreview = false, ProjectName = "candor", StackName = stack });
        var candor = Assert.IsType<CandorStack>(Assert.Single(resources, resource => resource is CandorStack));
        return new([.. declared], options, await OutputsOf(candor), [.. calls]);
    }

    private static async Task<IReadOnlyDictionary<string, object?>> OutputsOf(CandorStack stack) => new Dictionary<string, object?>
    {
        ["url"] = await Value(stack.Url),
        ["targetGroupArn"] = await Value(stack.TargetGroupArn),
        ["contractHash"] = await Value(stack.ContractHash),
        ["timeline"] = await Value(stack.Timeline),
    };

    private static Task<T> Value<T>(Output<T> output) => Pulumi.Utilities.OutputUtilities.GetValueAsync(output);

    /// <summary>Sets Pulumi's config in the environment, and what was there back again.</summary>
    private sealed class PulumiConfig : IDisposable
    {
        private const string Variable = "PULUMI_CONFIG";
        private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

        public PulumiConfig(Dictionary<string, string> config) =>
            Environment.SetEnvironmentVariable(Variable, JsonSerializer.Serialize(config));

        public void Dispose() => Environment.SetEnvironmentVariable(Variable, _before);
    }

    /// <summary>Makes the stack with its options, which the testing API has no other way to pass.</summary>
    private sealed class StackServices(StackOptions options) : IServiceProvider, IDisposable
    {
        public object? GetService(Type serviceType) => serviceType == typeof(CandorStack) ? new CandorStack(options) : null;

        public void Dispose()
        {
        }
    }
}
