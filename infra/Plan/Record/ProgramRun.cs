using Pulumi;
using Pulumi.Testing;

namespace Candor.Planning;

/// <summary>Runs a stack's constructor through Pulumi's testing API and makes a Plan of what it declared.</summary>
internal static class ProgramRun
{
    internal static async Task<Plan> RecordAsync<TStack>(
        StackSettings settings, Func<StackOptions, TStack> create, CancellationToken cancellationToken)
        where TStack : Stack
    {
        using var config = await ProcessConfig.SetAsync(settings, cancellationToken).ConfigureAwait(false);
        var options = new OptionRecorder();
        var mocks = new RecordingMocks(Cloud.Of(settings));
        var factory = new StackFactory<TStack>(() => create(new StackOptions { ResourceTransformations = [options.Record] }));
        await RunAsync<TStack>(settings, mocks, factory).ConfigureAwait(false);
        return new()
        {
            Project = settings.Project,
            Stack = settings.Stack,
            Resources = [.. mocks.Resources.Select(options.Complete).OrderBy(resource => resource.Urn, StringComparer.Ordinal)],
            Outputs = await mocks.StackOutputsAsync().ConfigureAwait(false),
        };
    }

    private static async Task RunAsync<TStack>(StackSettings settings, RecordingMocks mocks, StackFactory<TStack> factory)
        where TStack : Stack
    {
        var test = new TestOptions { ProjectName = settings.Project, StackName = settings.Stack, IsPreview = false };
        try
        {
            await Deployment.TestWithServiceProviderAsync<TStack>(mocks, factory, test).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Pulumi wraps what the constructor threw in a report with a stack trace; a user needs the constructor's own words.
            var cause = factory.Failure ?? exception;
            throw new PlanRecordingException($"The program failed for stack {settings.Stack}: {cause.Message}", cause);
        }
    }

    /// <summary>Pulumi asks a service provider for the stack, which is how it can be given options.</summary>
    private sealed class StackFactory<TStack>(Func<TStack> create) : IServiceProvider
    {
        internal Exception? Failure { get; private set; }

        public object? GetService(Type serviceType)
        {
            if (serviceType != typeof(TStack))
            {
                return null;
            }

            try
            {
                return create();
            }
            catch (Exception exception)
            {
                Failure = exception;
                throw;
            }
        }
    }
}
