using Microsoft.Extensions.DependencyInjection;

namespace Candor.Health.Evaluation;

/// <summary>
/// The services a check's factory asks. The scope that an ordinary check may need is created when it first asks, so that a check
/// that asks for nothing costs none.
/// </summary>
internal sealed class LazyScope(IServiceProvider root) : IKeyedServiceProvider
{
    private AsyncServiceScope? _scope;

    private IServiceProvider Provider => (_scope ??= root.CreateAsyncScope()).ServiceProvider;

    public object? GetService(Type serviceType) => Provider.GetService(serviceType);

    public object? GetKeyedService(Type serviceType, object? serviceKey) => ((IKeyedServiceProvider)Provider).GetKeyedService(serviceType, serviceKey);

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) =>
        ((IKeyedServiceProvider)Provider).GetRequiredKeyedService(serviceType, serviceKey);

    /// <summary>Ends the scope of one run, if there was one.</summary>
    public ValueTask EndAsync()
    {
        if (_scope is not { } scope)
        {
            return ValueTask.CompletedTask;
        }

        _scope = null;
        return scope.DisposeAsync();
    }
}
