using Pulumi.Serialization;

namespace Pulumi;

public static partial class Output
{
    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2)> Tuple<T1, T2>(
        Input<T1> item1, Input<T2> item2)
    {
        return new(Gather());

        async Task<OutputData<(T1, T2)>> Gather()
        {
            var joined = new OutputJoin();
            var value1 = joined.Take(await item1.ToOutput().DataTask.ConfigureAwait(false));
            var value2 = joined.Take(await item2.ToOutput().DataTask.ConfigureAwait(false));
            return joined.Data((value1, value2));
        }
    }

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2, T3)> Tuple<T1, T2, T3>(
        Input<T1> item1, Input<T2> item2, Input<T3> item3)
    {
        return new(Gather());

        async Task<OutputData<(T1, T2, T3)>> Gather()
        {
            var joined = new OutputJoin();
            var value1 = joined.Take(await item1.ToOutput().DataTask.ConfigureAwait(false));
            var value2 = joined.Take(await item2.ToOutput().DataTask.ConfigureAwait(false));
            var value3 = joined.Take(await item3.ToOutput().DataTask.ConfigureAwait(false));
            return joined.Data((value1, value2, value3));
        }
    }

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2, T3, T4)> Tuple<T1, T2, T3, T4>(
        Input<T1> item1, Input<T2> item2, Input<T3> item3, Input<T4> item4)
    {
        return new(Gather());

        async Task<OutputData<(T1, T2, T3, T4)>> Gather()
        {
            var joined = new OutputJoin();
            var value1 = joined.Take(await item1.ToOutput().DataTask.ConfigureAwait(false));
            var value2 = joined.Take(await item2.ToOutput().DataTask.ConfigureAwait(false));
            var value3 = joined.Take(await item3.ToOutput().DataTask.ConfigureAwait(false));
            var value4 = joined.Take(await item4.ToOutput().DataTask.ConfigureAwait(false));
            return joined.Data((value1, value2, value3, value4));
        }
    }

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2, T3, T4, T5)> Tuple<T1, T2, T3, T4, T5>(
        Input<T1> item1, Input<T2> item2, Input<T3> item3, Input<T4> item4, Input<T5> item5)
    {
        return new(Gather());

        async Task<OutputData<(T1, T2, T3, T4, T5)>> Gather()
        {
            var joined = new OutputJoin();
            var value1 = joined.Take(await item1.ToOutput().DataTask.ConfigureAwait(false));
            var value2 = joined.Take(await item2.ToOutput().DataTask.ConfigureAwait(false));
            var value3 = joined.Take(await item3.ToOutput().DataTask.ConfigureAwait(false));
            var value4 = joined.Take(await item4.ToOutput().DataTask.ConfigureAwait(false));
            var value5 = joined.Take(await item5.ToOutput().DataTask.ConfigureAwait(false));
            return joined.Data((value1, value2, value3, value4, value5));
        }
    }

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2, T3, T4, T5, T6)> Tuple<T1, T2, T3, T4, T5, T6>(
        Input<T1> item1, Input<T2> item2, Input<T3> item3, Input<T4> item4, Input<T5> item5, Input<T6> item6)
    {
        return new(Gather());

        async Task<OutputData<(T1, T2, T3, T4, T5, T6)>> Gather()
        {
            var joined = new OutputJoin();
            var value1 = joined.Take(await item1.ToOutput().DataTask.ConfigureAwait(false));
            var value2 = joined.Take(await item2.ToOutput().DataTask.ConfigureAwait(false));
            var value3 = joined.Take(await item3.ToOutput().DataTask.ConfigureAwait(false));
            var value4 = joined.Take(await item4.ToOutput().DataTask.ConfigureAwait(false));
            var value5 = joined.Take(await item5.ToOutput().DataTask.ConfigureAwait(false));
            var value6 = joined.Take(await item6.ToOutput().DataTask.ConfigureAwait(false));
            return joined.Data((value1, value2, value3, value4, value5, value6));
        }
    }

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2, T3, T4, T5, T6, T7)> Tuple<T1, T2, T3, T4, T5, T6, T7>(
        Input<T1> item1, Input<T2> item2, Input<T3> item3, Input<T4> item4, Input<T5> item5, Input<T6> item6, Input<T7> item7)
    {
        return new(Gather());

        async Task<OutputData<(T1, T2, T3, T4, T5, T6, T7)>> Gather()
        {
            var joined = new OutputJoin();
            var value1 = joined.Take(await item1.ToOutput().DataTask.ConfigureAwait(false));
            var value2 = joined.Take(await item2.ToOutput().DataTask.ConfigureAwait(false));
            var value3 = joined.Take(await item3.ToOutput().DataTask.ConfigureAwait(false));
            var value4 = joined.Take(await item4.ToOutput().DataTask.ConfigureAwait(false));
            var value5 = joined.Take(await item5.ToOutput().DataTask.ConfigureAwait(false));
            var value6 = joined.Take(await item6.ToOutput().DataTask.ConfigureAwait(false));
            var value7 = joined.Take(await item7.ToOutput().DataTask.ConfigureAwait(false));
            return joined.Data((value1, value2, value3, value4, value5, value6, value7));
        }
    }

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2, T3, T4, T5, T6, T7, T8)> Tuple<T1, T2, T3, T4, T5, T6, T7, T8>(
        Input<T1> item1, Input<T2> item2, Input<T3> item3, Input<T4> item4, Input<T5> item5, Input<T6> item6, Input<T7> item7,
        Input<T8> item8)
    {
        return new(Gather());

        async Task<OutputData<(T1, T2, T3, T4, T5, T6, T7, T8)>> Gather()
        {
            var joined = new OutputJoin();
            var value1 = joined.Take(await item1.ToOutput().DataTask.ConfigureAwait(false));
            var value2 = joined.Take(await item2.ToOutput().DataTask.ConfigureAwait(false));
            var value3 = joined.Take(await item3.ToOutput().DataTask.ConfigureAwait(false));
            var value4 = joined.Take(await item4.ToOutput().DataTask.ConfigureAwait(false));
            var value5 = joined.Take(await item5.ToOutput().DataTask.ConfigureAwait(false));
            var value6 = joined.Take(await item6.ToOutput().DataTask.ConfigureAwait(false));
            var value7 = joined.Take(await item7.ToOutput().DataTask.ConfigureAwait(false));
            var value8 = joined.Take(await item8.ToOutput().DataTask.ConfigureAwait(false));
            return joined.Data((value1, value2, value3, value4, value5, value6, value7, value8));
        }
    }

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2)> Tuple<T1, T2>(
        Output<T1> item1, Output<T2> item2)
        => Tuple((Input<T1>)item1, (Input<T2>)item2);

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2, T3)> Tuple<T1, T2, T3>(
        Output<T1> item1, Output<T2> item2, Output<T3> item3)
        => Tuple((Input<T1>)item1, (Input<T2>)item2, (Input<T3>)item3);

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2, T3, T4)> Tuple<T1, T2, T3, T4>(
        Output<T1> item1, Output<T2> item2, Output<T3> item3, Output<T4> item4)
        => Tuple((Input<T1>)item1, (Input<T2>)item2, (Input<T3>)item3, (Input<T4>)item4);

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2, T3, T4, T5)> Tuple<T1, T2, T3, T4, T5>(
        Output<T1> item1, Output<T2> item2, Output<T3> item3, Output<T4> item4, Output<T5> item5)
        => Tuple((Input<T1>)item1, (Input<T2>)item2, (Input<T3>)item3, (Input<T4>)item4, (Input<T5>)item5);

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2, T3, T4, T5, T6)> Tuple<T1, T2, T3, T4, T5, T6>(
        Output<T1> item1, Output<T2> item2, Output<T3> item3, Output<T4> item4, Output<T5> item5, Output<T6> item6)
        => Tuple((Input<T1>)item1, (Input<T2>)item2, (Input<T3>)item3, (Input<T4>)item4, (Input<T5>)item5, (Input<T6>)item6);

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2, T3, T4, T5, T6, T7)> Tuple<T1, T2, T3, T4, T5, T6, T7>(
        Output<T1> item1, Output<T2> item2, Output<T3> item3, Output<T4> item4, Output<T5> item5, Output<T6> item6, Output<T7> item7)
        => Tuple(
            (Input<T1>)item1, (Input<T2>)item2, (Input<T3>)item3, (Input<T4>)item4, (Input<T5>)item5, (Input<T6>)item6, (Input<T7>)item7);

    /// <summary>Several values as one output; secret if any is, unknown if any is.</summary>
    public static Output<(T1, T2, T3, T4, T5, T6, T7, T8)> Tuple<T1, T2, T3, T4, T5, T6, T7, T8>(
        Output<T1> item1, Output<T2> item2, Output<T3> item3, Output<T4> item4, Output<T5> item5, Output<T6> item6, Output<T7> item7,
        Output<T8> item8)
        => Tuple(
            (Input<T1>)item1,
            (Input<T2>)item2,
            (Input<T3>)item3,
            (Input<T4>)item4,
            (Input<T5>)item5,
            (Input<T6>)item6,
            (Input<T7>)item7,
            (Input<T8>)item8);
}
