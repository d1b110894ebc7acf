using System.Collections.Immutable;
using System.Reflection;
using Pulumi.Testing;

namespace Pulumi;

public sealed partial class Deployment
{
    /// <summary>Runs the stack with mocks; gives every declared resource, the stack among them.</summary>
    /// <exception cref="RunException">The program failed; an <see cref="AggregateException"/> of them if several things did.</exception>
    public static Task<ImmutableArray<Resource>> TestAsync<TStack>(IMocks mocks, TestOptions? options = null)
        where TStack : Stack, new()
        => RunWithMocksAsync(
            mocks,
            options,
            () =>
                (Stack)Activator.CreateInstance(
                    typeof(TStack), BindingFlags.DoNotWrapExceptions, binder: null, args: null, culture: null)!);

    /// <summary>Runs the stack, made by a service provider, with mocks.</summary>
    /// <exception cref="RunException">The program failed; an <see cref="AggregateException"/> of them if several things did.</exception>
    public static Task<ImmutableArray<Resource>> TestWithServiceProviderAsync<TStack>(
        IMocks mocks, IServiceProvider serviceProvider, TestOptions? options = null)
        where TStack : Stack
    {
        ArgumentNullException.ThrowIfNull(serviceProvider);
        return RunWithMocksAsync(mocks, options, () => serviceProvider.GetService(typeof(TStack)) as TStack
            ?? throw new InvalidOperationException($"Failed to resolve instance of type {typeof(TStack)} from service provider."));
    }

    /// <summary>Runs a function that declares resources and gives outputs.</summary>
    /// <exception cref="RunException">The program failed; an <see cref="AggregateException"/> of them if several things did.</exception>
    public static async Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(
        IMocks testMocks, TestOptions testOptions, Func<Task<IDictionary<string, object?>>> createResources)
    {
        var resources = await RunWithMocksAsync(
            testMocks, testOptions, () => new TestStack(() => createResources().GetAwaiter().GetResult()))
            .ConfigureAwait(false);
        var stack = resources.OfType<TestStack>().Single();
        return (resources.Remove(stack), stack.Outputs);
    }

    /// <inheritdoc cref="TestAsync(IMocks, TestOptions, Func{Task{IDictionary{string, object?}}})"/>
    public static Task<(ImmutableArray<Resource> Resources, IDictionary<string, object?> Outputs)> TestAsync(
        IMocks testMocks, TestOptions testOptions, Func<IDictionary<string, object?>> createResources)
        => TestAsync(testMocks, testOptions, () => Task.FromResult(createResources()));

    /// <summary>Runs a function that declares resources.</summary>
    /// <exception cref="RunException">The program failed; an <see cref="AggregateException"/> of them if several things did.</exception>
    public static async Task<ImmutableArray<Resource>> TestAsync(IMocks testMocks, TestOptions testOptions, Func<Task> createResources)
        => (await TestAsync(testMocks, testOptions, async () =>
        {
            await createResources().ConfigureAwait(false);
            return new Dictionary<string, object?>();
        }).ConfigureAwait(false)).Resources;

    /// <inheritdoc cref="TestAsync(IMocks, TestOptions, Func{Task})"/>
    public static Task<ImmutableArray<Resource>> TestAsync(IMocks testMocks, TestOptions testOptions, Action createResources)
        => TestAsync(testMocks, testOptions, () =>
        {
            createResources();
            return Task.CompletedTask;
        });

    // Async, so that the running deployment is forgotten at its end and the next run can begin.
    private static async Task<ImmutableArray<Resource>> RunWithMocksAsync(IMocks mocks, TestOptions? options, Func<Stack> create)
    {
        if (Running.Value is not null)
        {
            throw new InvalidOperationException("Deployment.Instance should only be set once at the beginning of a 'Run' call.");
        }
        var deployment = new Deployment(mocks, options);
        Running.Value = new DeploymentInstance(deployment);
        try
        {
            create().RegisterPropertyOutputs();
        }
        catch (Exception exception)
        {
            deployment.tasks.Add(Task.FromException(exception));
        }
        foreach (var exception in await deployment.tasks.WhenIdleAsync().ConfigureAwait(false))
        {
            LogError(exception);
        }
        return deployment.Errors switch
        {
            [] => deployment.monitor.Resources,
            [var error] => throw new RunException(error),
            var errors => throw new AggregateException(errors.Select(e => new RunException(e))),
        };
    }

    private static void LogError(Exception exception)
        => Log.Error(exception switch
        {
            RunException => exception.Message,
            ResourceException { HideStack: true } => exception.Message,
            ResourceException => exception.ToString(),
            _ => $"Running program '{Assembly.GetEntryAssembly()?.Location}' failed with an unhandled exception:\n{exception}",
        });

    private sealed class TestStack : Stack
    {
        // In the body: an initializer would run before there is a stack to belong to.
        public TestStack(Func<IDictionary<string, object?>> create) => Outputs = create();

        public IDictionary<string, object?> Outputs { get; }
    }
}
