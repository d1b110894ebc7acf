using System.Collections.Immutable;
using Moq;
using Pulumi;
using Pulumi.Testing;

namespace Candor.Infra.Tests.PulumiOffline;

/// <summary>Mocks that answer every resource with its own inputs and an id, and remember what they were asked.</summary>
internal sealed class RecordingMocks
{
    private readonly Mock<IMocks> mock = new(MockBehavior.Strict);
    private readonly List<MockResourceArgs> resources = [];
    private readonly List<MockCallArgs> calls = [];

    public RecordingMocks()
    {
        mock.Setup(m => m.NewResourceAsync(It.IsAny<MockResourceArgs>())).Returns((MockResourceArgs args) => AnswerAsync(args));
        mock.Setup(m => m.CallAsync(It.IsAny<MockCallArgs>())).Returns((MockCallArgs args) =>
        {
            calls.Add(args);
            return Task.FromResult(Call(args));
        });
        mock.Setup(m => m.RegisterResourceOutputs(It.IsAny<MockRegisterResourceOutputsRequest>())).Returns(Task.CompletedTask);
    }

    public Func<MockCallArgs, object> Call { get; init; } = _ => ImmutableDictionary<string, object>.Empty;

    public Func<MockResourceArgs, ImmutableDictionary<string, object>> State { get; init; } = args => args.Inputs;

    public IReadOnlyList<MockResourceArgs> Resources => resources;

    public IReadOnlyList<MockCallArgs> Calls => calls;

    public MockResourceArgs this[string name] => resources.Single(r => r.Name == name);

    public Task<ImmutableArray<Resource>> RunAsync(Action program, bool isPreview = false)
        => Deployment.TestAsync(mock.Object, new TestOptions { IsPreview = isPreview }, program);

    public Task<ImmutableArray<Resource>> RunAsync<TStack>()
        where TStack : Stack, new()
        => Deployment.TestAsync<TStack>(mock.Object, new TestOptions { IsPreview = false });

    private Task<(string? Id, object State)> AnswerAsync(MockResourceArgs args)
    {
        resources.Add(args);
        return Task.FromResult<(string?, object)>(($"{args.Name}-id", State(args)));
    }
}
