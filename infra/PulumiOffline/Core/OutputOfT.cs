using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>An output whose type is not known to the caller.</summary>
internal interface IOutput
{
    Task<OutputData<object?>> GetDataAsync();
}

/// <summary>A value that is available once the resources it comes from exist.</summary>
public sealed class Output<T> : IOutput
{
    internal Output(Task<OutputData<T>> dataTask)
    {
        DataTask = dataTask;
        // A failed output is an error of the run even if nobody reads it.
        Deployment.TryTrack(dataTask);
    }

    internal Task<OutputData<T>> DataTask { get; }

    /// <summary>An output that is known once <paramref name="value"/> has ended.</summary>
    public static Output<T> Create(Task<T> value) => Create(value, isSecret: false);

    /// <summary>Runs an action on the value.</summary>
    public Output<ValueTuple> Apply(Func<T, Task> func)
        => Apply(async value =>
        {
            await func(value).ConfigureAwait(false);
            return default(ValueTuple);
        });

    /// <summary>Transforms the value.</summary>
    public Output<TResult> Apply<TResult>(Func<T, TResult> func)
        => Apply(value => Output.Create(func(value)));

    /// <summary>Transforms the value.</summary>
    public Output<TResult> Apply<TResult>(Func<T, Task<TResult>> func)
        => Apply(value => Output.Create(func(value)));

    /// <summary>Transforms the value; dependencies and secretness of the result are added.</summary>
    public Output<TResult> Apply<TResult>(Func<T, Input<TResult>?> func)
        => Apply(value => func(value).ToOutput());

    /// <summary>Transforms the value; dependencies and secretness of the result are added.</summary>
    public Output<TResult> Apply<TResult>(Func<T, Output<TResult>?> func)
        => new(ApplyAsync(func));

    /// <summary>
    /// Says that an output is no string: use <see cref="Apply{TResult}(Func{T, TResult})"/> or <see cref="Output.Format"/>.
    /// </summary>
    public override string ToString()
        => string.Join(
            Environment.NewLine,
            "Calling [ToString] on an [Output<T>] is not supported.",
            "",
            "To get the value of an Output<T> as an Output<string> consider:",
            "1. o.Apply(v => $\"prefix{v}suffix\")",
            "2. Output.Format($\"prefix{hostname}suffix\");",
            "",
            "See https://www.pulumi.com/docs/concepts/inputs-outputs for more details.",
            "This function may throw in a future version of Pulumi.");

    internal static Output<T> Create(Task<T> value, bool isSecret)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new Output<T>(GetData());

        async Task<OutputData<T>> GetData()
            => new(ImmutableHashSet<Resource>.Empty, await value.ConfigureAwait(false), IsKnown: true, isSecret);
    }

    internal static Output<T> Unknown(T value)
        => new(Task.FromResult(new OutputData<T>(ImmutableHashSet<Resource>.Empty, value, IsKnown: false, IsSecret: false)));

    internal async Task<T> GetValueAsync(T whenUnknown)
    {
        var data = await DataTask.ConfigureAwait(false);
        return data.IsKnown ? data.Value : whenUnknown;
    }

    internal Output<T> WithIsSecret(Task<bool> isSecret)
    {
        return new Output<T>(GetData());

        async Task<OutputData<T>> GetData()
            => (await DataTask.ConfigureAwait(false)) with { IsSecret = await isSecret.ConfigureAwait(false) };
    }

    async Task<OutputData<object?>> IOutput.GetDataAsync()
    {
        var data = await DataTask.ConfigureAwait(false);
        return new(data.Resources, data.Value, data.IsKnown, data.IsSecret);
    }

    private async Task<OutputData<TResult>> ApplyAsync<TResult>(Func<T, Output<TResult>?> func)
    {
        var data = await DataTask.ConfigureAwait(false);
        if (!data.IsKnown && Deployment.Instance.IsDryRun)
        {
            return new(data.Resources, default!, IsKnown: false, data.IsSecret);
        }
        var joined = new OutputJoin();
        joined.Take(data);
        var inner = func(data.Value);
        return joined.Data(inner is null ? default! : joined.Take(await inner.DataTask.ConfigureAwait(false)));
    }
}
